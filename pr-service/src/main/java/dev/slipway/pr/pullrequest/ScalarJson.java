package dev.slipway.pr.pullrequest;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;

/// Numbers and times as GitHub documents them. Left to itself, Jackson refuses a whole payload for
/// one number that is too large, and takes any number for a time.
final class ScalarJson {
  private static final int LONGEST_INT64 = 20;

  private ScalarJson() {}

  static SimpleModule module() {
    return new SimpleModule()
        .addDeserializer(Long.class, new Int64())
        .addDeserializer(Instant.class, new Time());
  }

  /// An integer; one beyond 64 bits counts as absent.
  private static final class Int64 extends StdDeserializer<Long> {
    private Int64() {
      super(Long.class);
    }

    @Override
    public @Nullable Long deserialize(JsonParser parser, DeserializationContext context) {
      if (!parser.hasToken(JsonToken.VALUE_NUMBER_INT)) {
        return (Long) context.handleUnexpectedToken(Long.class, parser);
      }
      if (parser.getStringLength() > LONGEST_INT64) {
        return null;
      }
      try {
        return Long.valueOf(parser.getString());
      } catch (NumberFormatException _) {
        return null; // beyond 64 bits
      }
    }
  }

  /// Text as in RFC 3339, and nothing else.
  private static final class Time extends StdDeserializer<Instant> {
    private Time() {
      super(Instant.class);
    }

    @Override
    public @Nullable Instant deserialize(JsonParser parser, DeserializationContext context) {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        return (Instant) context.handleUnexpectedToken(Instant.class, parser);
      }
      String text = parser.getString();
      try {
        return Instant.parse(text);
      } catch (DateTimeParseException _) {
        return (Instant)
            context.handleWeirdStringValue(Instant.class, text, "not a time as in RFC 3339");
      }
    }
  }
}
