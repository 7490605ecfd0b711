package dev.slipway.pipeline.disk;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// Which file system is watched, and how much of it must stay free.
///
/// @param directory any folder of the file system that takes what this installation writes; null
///   where nothing is written: then nothing is watched
/// @param floor below which webhooks are refused and stages wait. Too low, and what is left does
///   not do for what goes on writing: Postgres takes its log 16 MB at a time, and Kafka ends the
///   process at the first write that fails. Too high, and webhooks are refused although there is
///   room
@ConfigurationProperties(prefix = "slipway.disk", ignoreUnknownFields = false)
@Validated
public record DiskProperties(@Nullable Path directory, @DefaultValue("256MB") DataSize floor) {
  private static final DataSize LEAST = DataSize.ofMegabytes(1);
  private static final DataSize MOST = DataSize.ofTerabytes(1);

  public DiskProperties {
    if (floor.compareTo(LEAST) < 0 || floor.compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          "floor must be between %dMB and %dMB".formatted(LEAST.toMegabytes(), MOST.toMegabytes()));
    }
  }
}
