package dev.slipway.pipeline.stage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The logs that a stage had to begin anew because they were no longer what it had read: that is
/// the loss of records, told for a day or until the process is started again. Safe for several
/// threads.
final class Rewinds {
  private static final Logger log = LoggerFactory.getLogger(Rewinds.class);
  private static final Duration TOLD_FOR = Duration.ofDays(1);

  private final String stage;
  private final StageMetrics metrics;
  private final InstantSource clock;

  @GuardedBy("this")
  private final Map<String, Rewind> newest = new TreeMap<>();

  private record Rewind(String reason, Instant at) {}

  Rewinds(String stage, StageMetrics metrics, InstantSource clock) {
    this.stage = stage;
    this.metrics = metrics;
    this.clock = clock;
  }

  /// Notes that a partition is read from its start again.
  void note(TopicPartition partition, long offset, String reason) {
    metrics.rewound();
    synchronized (this) {
      newest.put(partition.topic(), new Rewind(reason, clock.instant()));
    }
    log.atError()
        .addKeyValue("stage", stage)
        .addKeyValue("topic", partition.topic())
        .addKeyValue("partition", partition.partition())
        .addKeyValue("offset", offset)
        .addKeyValue("reason", reason)
        .log(
            "the log lost records and is read from its start: bring it back from a copy, or have"
                + " sent again what came shortly before");
  }

  /// A sentence for each log that lost records lately; empty when none did.
  synchronized Optional<String> tell() {
    Instant since = clock.instant().minus(TOLD_FOR);
    newest.values().removeIf(rewind -> rewind.at().isBefore(since));
    return newest.isEmpty()
        ? Optional.empty()
        : Optional.of(
            newest.entrySet().stream()
                .map(entry -> tell(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(" ")));
  }

  private String tell(String topic, Rewind rewind) {
    return ("Stage %s reads %s from its start since %s, because %s: rows stay, records that it had"
            + " not read are lost, and no rebuild can fold the rest. Bring the log back from a copy,"
            + " or have sent again what came shortly before. This is said for a day, or until a"
            + " restart.")
        .formatted(stage, topic, rewind.at().truncatedTo(ChronoUnit.SECONDS), rewind.reason());
  }
}
