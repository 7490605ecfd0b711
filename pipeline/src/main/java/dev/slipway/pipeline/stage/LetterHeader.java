package dev.slipway.pipeline.stage;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A header of a record that waits, for people: as text, cut, since somebody else chose it.
record LetterHeader(String name, @Nullable String value) {
  private static final int MOST = 50;
  private static final int LONGEST = 1_000;

  /// The first of them, as a JSON array.
  static String json(ConsumerRecord<?, ?> record) {
    var headers = new ArrayList<LetterHeader>();
    for (Header header : record.headers()) {
      if (headers.size() < MOST) {
        headers.add(new LetterHeader(text(header.key()), value(header)));
      }
    }
    return JsonMapper.shared().writeValueAsString(headers);
  }

  static List<LetterHeader> parse(String json) {
    return List.of(JsonMapper.shared().readValue(json, LetterHeader[].class));
  }

  /// The `ce_type` that it says it has.
  static @Nullable String type(ConsumerRecord<?, ?> record) {
    Header type = record.headers().lastHeader("ce_type");
    return type == null ? null : value(type);
  }

  private static @Nullable String value(Header header) {
    byte @Nullable [] value = header.value();
    return value == null ? null : text(new String(value, StandardCharsets.UTF_8));
  }

  /// Postgres takes no NUL.
  private static String text(String text) {
    String cut = text.codePointCount(0, text.length()) <= LONGEST ? text : cut(text);
    return cut.replace('\0', '\uFFFD');
  }

  private static String cut(String text) {
    return text.substring(0, text.offsetByCodePoints(0, LONGEST));
  }
}
