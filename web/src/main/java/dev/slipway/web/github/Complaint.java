package dev.slipway.web.github;

import dev.slipway.schemas.CodePoints;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the body of a refusal says. Whatever it lacks, or has in another form, it says nothing of.
///
/// @param errors one by one; empty when there are none or the body is no JSON
record Complaint(String message, List<Detail> errors) {
  private static final int LONGEST = 300;
  private static final Pattern TOKEN =
      Pattern.compile("(gh[opsur]_|github_pat_)[A-Za-z0-9._-]{20,}");

  /// One of the errors; empty is what it lacks.
  record Detail(String field, String code, String message) {}

  static Complaint of(byte[] body) {
    JsonNode json;
    try {
      json = JsonMapper.shared().readTree(body);
    } catch (JacksonException _) {
      return new Complaint("", List.of());
    }
    JsonNode errors = json.path("errors");
    Stream<JsonNode> each = errors.isArray() ? errors.valueStream() : Stream.of(errors);
    return new Complaint(
        text(json.path("message")), each.map(Complaint::detail).flatMap(Optional::stream).toList());
  }

  private static Optional<Detail> detail(JsonNode error) {
    if (error.isString()) {
      return Optional.of(new Detail("", "", text(error)));
    }
    return error.isObject()
        ? Optional.of(
            new Detail(
                text(error.path("field")), text(error.path("code")), text(error.path("message"))))
        : Optional.empty();
  }

  private static String text(JsonNode node) {
    if (!node.isString()) {
      return "";
    }
    String bare = TOKEN.matcher(node.asString()).replaceAll("********");
    return CodePoints.first(LONGEST, bare).replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "");
  }

  /// Whether the message, or that of an error, has these words.
  boolean says(String words) {
    return message.contains(words)
        || errors.stream().anyMatch(each -> each.message.contains(words));
  }

  /// Whether a field is refused as such.
  boolean refuses(String field) {
    return errors.stream()
        .anyMatch(each -> each.field.equals(field) && each.code.equals("invalid"));
  }

  /// For people; empty when it says nothing.
  String sentence() {
    String details =
        String.join(
            "; ",
            errors.stream().map(Complaint::sentence).filter(each -> !each.isEmpty()).toList());
    if (details.isEmpty() || details.equals(message)) {
      return message;
    }
    return message.isEmpty() ? details : message + ": " + details;
  }

  private static String sentence(Detail detail) {
    return detail.message.isEmpty() ? (detail.field + " " + detail.code).strip() : detail.message;
  }
}
