package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.Membership;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How stages consume.
///
/// @param maxBatch most records in one transaction; larger ones hold locks longer, smaller ones pay
///   a commit each
/// @param pace from the beginning of one transaction of records alone to that of the next: what
///   comes up meanwhile shares one. Longer delays records, shorter pays a commit for each. Requests
///   do not wait for it
/// @param quietPace the same after one whose records concerned nobody of this stage
/// @param concurrency threads that share out the partitions of each stage, and as many that settle
///   what they read when one is not enough; more of them use more processors, up to a partition
///   each, and take twice as many of `slipway.database.stage-connections`
/// @param maxFetchBytes most bytes of one fetch, in bytes; a single larger record still comes
///   through
/// @param instanceId Kafka's `group.instance.id`: with it a restarted process goes on within a
///   second, without it after `sessionTimeout`. One per live process; null for none
/// @param sessionTimeout how long a process may be silent before its partitions go to another
/// @param minBackoff first pause when the database or Kafka is away; it doubles up to `maxBackoff`
/// @param maxBackoff longest pause, so also about how long a recovery goes unnoticed
/// @param maxWaiting requests and outcomes that may wait in a process; one more is answered 503
/// @param requestTimeout how long a request may wait before it is answered 503
/// @param maxBuried records that may become dead letters in a row, none applied between: one more
///   and the stage stops with an alarm, since that is a mistake of ours and not of the records.
///   Fewer stop it for a handful of broken records, more bury a topic
/// @param verifyInterval how often a topic is looked at for having been recreated or truncated
@ConfigurationProperties(prefix = "slipway.stage", ignoreUnknownFields = false)
@Validated
public record StageProperties(
    @DefaultValue("500") @Min(1) @Max(10_000) int maxBatch,
    @DefaultValue("10ms") @DurationMin(millis = 0) @DurationMax(seconds = 1) Duration pace,
    @DefaultValue("50ms") @DurationMin(millis = 0) @DurationMax(seconds = 1) Duration quietPace,
    @DefaultValue("2") @Min(1) @Max(64) int concurrency,
    @DefaultValue("16777216") @Min(1_048_576) @Max(1_073_741_824) int maxFetchBytes,
    @Nullable String instanceId,
    @DefaultValue("6s") @DurationMin(seconds = 1) Duration sessionTimeout,
    @DefaultValue("100ms") @DurationMin(millis = 1) Duration minBackoff,
    @DefaultValue("2s") @DurationMin(millis = 1) Duration maxBackoff,
    @DefaultValue("2000") @Min(1) @Max(100_000) int maxWaiting,
    @DefaultValue("10s") @DurationMin(millis = 100) Duration requestTimeout,
    @DefaultValue("100") @Min(1) @Max(1_000_000) int maxBuried,
    @DefaultValue("10s") @DurationMin(millis = 100) Duration verifyInterval) {

  /// How the process takes part in the groups of stages and publishers.
  public Membership membership() {
    return new Membership(instanceId, sessionTimeout);
  }

  /// Settings of a consumer that reads as much at once as a transaction takes.
  public Map<String, Object> consumer(KafkaClients clients, String clientId) {
    Map<String, Object> settings = clients.consumer(clientId);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxBatch);
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, maxFetchBytes);
    return settings;
  }
}
