package dev.slipway.standalone;

import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Durations as people write them: `90s`, `30m`, `12h`, `7d`, or ISO 8601.
final class DurationConverter implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String value) {
    try {
      return DurationStyle.detectAndParse(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("\"" + value + "\" is no duration such as 90s, 30m, 12h");
    }
  }
}
