package dev.slipway.schemas;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The catalogue of topics: the only place where a topic's name and shape stand.
public final class Topics {
  private static final int MIB = 1024 * 1024;

  /// What GitHub sent and what we read from it, verbatim: the log of record of deliveries and pull
  /// requests.
  public static final Topic GITHUB_DELIVERIES =
      new Topic(
          "github.deliveries",
          "repository id, else installation:<id>, organization:<id>, hook:<id>, else the delivery id",
          "dev.slipway.schemas.github.Delivery",
          12,
          Optional.empty(),
          40 * MIB,
          true);

  /// Dead letters of stage `pr-service.deliveries`.
  public static final Topic DELIVERIES_DEAD_LETTERS =
      deadLetters("pr-service.deliveries", GITHUB_DELIVERIES);

  private Topics() {}

  /// Every topic there is, in the order of the catalogue.
  public static List<Topic> all() {
    return List.of(GITHUB_DELIVERIES, DELIVERIES_DEAD_LETTERS);
  }

  /// Dead letters are partitioned as their source, so that those of one key stay in order.
  private static Topic deadLetters(String stage, Topic source) {
    return new Topic(
        stage + ".dlt",
        "as " + source.name(),
        "failure headers, the original bytes (at most 1 MiB, else their position)",
        source.partitions(),
        Optional.of(Duration.ofDays(90)),
        2 * MIB,
        true);
  }
}
