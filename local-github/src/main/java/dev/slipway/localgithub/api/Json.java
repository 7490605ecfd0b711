package dev.slipway.localgithub.api;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Values as GitHub writes them.
public final class Json {
  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /// The items, each written by a function.
  public static <T> ArrayNode array(List<T> items, Function<? super T, ? extends JsonNode> writer) {
    ArrayNode array = array();
    items.forEach(item -> array.add(writer.apply(item)));
    return array;
  }

  public static ArrayNode texts(List<String> texts) {
    ArrayNode array = array();
    texts.forEach(array::add);
    return array;
  }

  /// A value or null.
  public static <T> JsonNode orNull(
      Optional<T> value, Function<? super T, ? extends JsonNode> writer) {
    return value.<JsonNode>map(writer).orElseGet(JsonNodeFactory.instance::nullNode);
  }

  /// A time in whole seconds.
  public static @Nullable String time(@Nullable Instant time) {
    return time == null ? null : time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /// An opaque name of a thing that tells it from all others.
  public static String nodeId(String kind, long id) {
    return nodeId(kind, Long.toString(id));
  }

  /// As the other, for what is not known by a number.
  public static String nodeId(String kind, String id) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((kind + ":" + id).getBytes(StandardCharsets.UTF_8));
  }
}
