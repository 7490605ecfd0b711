package dev.slipway.sandbox.e2b;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes the JSON of E2B. Fields may be missing: proto JSON leaves out whatever has its
/// default value, and writes 64-bit numbers as strings.
final class E2bJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private E2bJson() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  static byte[] bytes(JsonNode node) {
    return MAPPER.writeValueAsBytes(node);
  }

  /// Empty when the bytes are no JSON.
  static Optional<JsonNode> tryRead(byte[] json) {
    try {
      return Optional.of(MAPPER.readTree(json)).filter(node -> !node.isMissingNode());
    } catch (JacksonException _) {
      return Optional.empty();
    }
  }

  /// Empty when it is missing, null, no string, or "".
  static Optional<String> text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isString()
        ? Optional.of(value.stringValue()).filter(text -> !text.isEmpty())
        : Optional.empty();
  }

  /// Zero when it is missing or no number.
  static long number(JsonNode node, String field) {
    return node.path(field).asLong(0);
  }
}
