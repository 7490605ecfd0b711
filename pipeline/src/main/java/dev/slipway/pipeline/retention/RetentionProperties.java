package dev.slipway.pipeline.retention;

import dev.slipway.pipeline.security.InvalidSettingException;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.Environment;

/// How long is kept what grows with every webhook. By default for ever: then a rebuild proves every
/// row from nothing. See docs/ARCHITECTURE.md, "What is kept", for what it proves otherwise.
///
/// @param deliveries how long topic `github.deliveries` keeps records, at least 7 d; their rows are
///   deleted some time after that. Null: for ever
/// @param timeline how old lines of timelines grow, of pull requests and of tasks, at least 1 d.
///   Null: for ever
/// @param interval how often is deleted what is too old, at least a second
/// @param rows most rows of a table that one transaction deletes, from 1 to 100,000
@ConfigurationProperties(prefix = RetentionProperties.PREFIX, ignoreUnknownFields = false)
public record RetentionProperties(
    @Nullable Duration deliveries,
    @Nullable Duration timeline,
    @DefaultValue("1h") Duration interval,
    @DefaultValue("1000") int rows) {
  static final String PREFIX = "slipway.retention";

  private static final Duration SHORTEST_DELIVERIES = Duration.ofDays(7);
  private static final Duration SHORTEST_TIMELINE = Duration.ofDays(1);
  private static final int MOST_ROWS = 100_000;

  /// @throws InvalidSettingException when a value is out of its bounds
  public RetentionProperties {
    requireAtLeast("deliveries", deliveries, SHORTEST_DELIVERIES);
    requireAtLeast("timeline", timeline, SHORTEST_TIMELINE);
    requireAtLeast("interval", interval, Duration.ofSeconds(1));
    if (rows < 1 || rows > MOST_ROWS) {
      throw new InvalidSettingException(
          "%s.rows must be between 1 and %,d".formatted(PREFIX, MOST_ROWS));
    }
  }

  private static void requireAtLeast(String name, @Nullable Duration value, Duration least) {
    if (value != null && value.compareTo(least) < 0) {
      throw new InvalidSettingException(
          "%s.%s must be at least %s, such as %s; it is %s"
              .formatted(PREFIX, name, text(least), text(least.multipliedBy(10)), text(value)));
    }
  }

  private static String text(Duration value) {
    return value.toDays() > 0 && value.toHours() % 24 == 0
        ? value.toDays() + "d"
        : value.toSeconds() + "s";
  }

  /// What an operator's tool reads, which has no Spring context.
  ///
  /// @throws InvalidSettingException when a value cannot be used
  public static RetentionProperties of(Environment environment) {
    try {
      return Binder.get(environment).bindOrCreate(PREFIX, RetentionProperties.class);
    } catch (BindException e) {
      Throwable root = NestedExceptionUtils.getMostSpecificCause(e);
      throw root instanceof InvalidSettingException invalid
          ? invalid
          : new InvalidSettingException(
              "%s: %s; a time is such as 90d".formatted(e.getName(), root.getMessage()), e);
    }
  }

  /// Topics that are kept for another time than the catalogue says.
  public Map<Topic, Duration> topics() {
    return Optional.ofNullable(deliveries)
        .map(kept -> Map.of(Topics.GITHUB_DELIVERIES, kept))
        .orElse(Map.of());
  }
}
