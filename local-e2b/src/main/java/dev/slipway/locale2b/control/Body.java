package dev.slipway.locale2b.control;

import dev.slipway.localserver.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A request's JSON object, its fields checked. Unknown ones are ignored, as E2B does.
///
/// @param json an object
record Body(JsonNode json) {
  Body {
    if (!json.isObject()) {
      throw new RefusedException(400, "the body must be a JSON object");
    }
  }

  private static RefusedException wrong(String field, String what) {
    return new RefusedException(400, field + " must be " + what);
  }

  private Optional<JsonNode> find(String field) {
    JsonNode value = json.path(field);
    return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
  }

  boolean has(String field) {
    return find(field).isPresent();
  }

  Optional<String> text(String field) {
    return find(field)
        .map(value -> value.stringValueOpt().orElseThrow(() -> wrong(field, "a string")));
  }

  Optional<Boolean> flag(String field) {
    return find(field)
        .map(value -> value.booleanValueOpt().orElseThrow(() -> wrong(field, "true or false")));
  }

  Optional<Integer> number(String field) {
    return find(field)
        .map(value -> {
          if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(field, "a whole number");
          }
          return value.asInt();
        });
  }

  Optional<Body> object(String field) {
    return find(field)
        .map(value -> {
          if (!value.isObject()) {
            throw wrong(field, "an object");
          }
          return new Body(value);
        });
  }

  Map<String, String> texts(String field) {
    Map<String, String> texts = new LinkedHashMap<>();
    object(field)
        .ifPresent(object ->
            object
                .json()
                .properties()
                .forEach(entry ->
                    texts.put(
                        entry.getKey(),
                        entry
                            .getValue()
                            .stringValueOpt()
                            .orElseThrow(() -> wrong(field + "." + entry.getKey(), "a string")))));
    return texts;
  }

  List<JsonNode> items(String field) {
    List<JsonNode> items = new ArrayList<>();
    find(field)
        .ifPresent(value -> {
          if (!value.isArray()) {
            throw wrong(field, "an array");
          }
          value.forEach(items::add);
        });
    return items;
  }

  List<String> textItems(String field) {
    return items(field).stream()
        .map(item -> item.stringValueOpt().orElseThrow(() -> wrong(field, "an array of strings")))
        .toList();
  }
}
