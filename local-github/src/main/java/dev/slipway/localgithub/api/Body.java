package dev.slipway.localgithub.api;

import dev.slipway.localserver.Exchange;
import dev.slipway.localserver.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A request's JSON object, its fields checked. Unknown ones are ignored, as GitHub does.
///
/// @param json an object
public record Body(JsonNode json) {
  public Body {
    if (!json.isObject()) {
      throw new RefusedException(400, "Body should be a JSON object");
    }
  }

  static Body of(Exchange exchange) throws IOException {
    try {
      return new Body(exchange.json());
    } catch (RefusedException e) {
      throw e.status() == 400 ? new RefusedException(400, "Problems parsing JSON") : e;
    }
  }

  private static RefusedException wrong(String field, JsonNode value, String what) {
    return Refusals.request("For 'properties/%s', %s is not %s.".formatted(field, value, what));
  }

  private Optional<JsonNode> find(String field) {
    JsonNode value = json.path(field);
    return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
  }

  /// Whether the field is there, be it with null.
  public boolean names(String field) {
    return !json.path(field).isMissingNode();
  }

  public Optional<String> text(String field) {
    return find(field)
        .map(value -> value.stringValueOpt().orElseThrow(() -> wrong(field, value, "a string")));
  }

  public String requireText(String field) {
    return text(field).orElseThrow(() -> missing(field));
  }

  public static RefusedException missing(String field) {
    return Refusals.request("\"%s\" wasn't supplied.".formatted(field));
  }

  public Optional<Boolean> flag(String field) {
    return find(field)
        .map(value -> value.booleanValueOpt().orElseThrow(() -> wrong(field, value, "a boolean")));
  }

  public Optional<Long> number(String field) {
    return find(field)
        .map(value -> {
          if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(field, value, "an integer");
          }
          return value.asLong();
        });
  }

  public Optional<Body> object(String field) {
    return find(field)
        .map(value -> {
          if (!value.isObject()) {
            throw wrong(field, value, "an object");
          }
          return new Body(value);
        });
  }

  public Optional<List<JsonNode>> items(String field) {
    return find(field)
        .map(value -> {
          if (!value.isArray()) {
            throw wrong(field, value, "an array");
          }
          List<JsonNode> items = new ArrayList<>();
          value.forEach(items::add);
          return items;
        });
  }

  public Optional<List<String>> texts(String field) {
    return items(field)
        .map(items ->
            items.stream()
                .map(
                    item -> item.stringValueOpt().orElseThrow(() -> wrong(field, item, "a string")))
                .toList());
  }
}
