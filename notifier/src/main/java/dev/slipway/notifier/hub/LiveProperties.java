package dev.slipway.notifier.hub;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// What live streams may use.
///
/// @param heartbeat how often a stream shows that it lives, ± 20 %; too long and proxies that close
///   silent connections cut it, too short and thousands of idle streams keep a processor busy
/// @param lifetime after which a stream ends and its client resumes elsewhere, ± 20 %; too long and
///   clients stay where they are when instances are added, too short and they reconnect all day
/// @param ringSize of the events of all tenants that are kept in memory, in bytes; who resumes
///   within them costs Kafka nothing
/// @param warmUpRecords of each partition that a starting instance reads from before the end of the
///   log, so that clients of the instance before it find their place in memory
/// @param queueSize of the events that wait for one client, in bytes; a client that lets more
///   gather is cut off and resumes by its cursor. They are shared with the other clients that wait
///   for them: it bounds how long they are kept, more than memory of its own
/// @param queueEvents how many may wait for one client
/// @param connections of all callers on this instance; beyond it 503
/// @param connectionsPerTenant on this instance; beyond it 503
/// @param connectionsPerCaller (tenant and subject) on this instance; beyond it 429. Too low breaks
///   a proxy that streams for many users, too high lets one client take the places of all
/// @param scans of the log at the same time, for clients that resume from before what is in memory;
///   each holds one scan size of events and a consumer
/// @param scanSize of the events that one step of a scan reads, in bytes
/// @param startTimeout how long a new stream waits for Kafka before it is refused with 503
@ConfigurationProperties(prefix = "slipway.live", ignoreUnknownFields = false)
@Validated
record LiveProperties(
    @DefaultValue("15s") @DurationMin(millis = 50) @DurationMax(minutes = 5) Duration heartbeat,
    @DefaultValue("1h") @DurationMin(seconds = 1) @DurationMax(days = 1) Duration lifetime,
    @DefaultValue("64MB") DataSize ringSize,
    @DefaultValue("2000") @Min(0) @Max(1_000_000) int warmUpRecords,
    @DefaultValue("8MB") DataSize queueSize,
    @DefaultValue("10000") @Min(10) @Max(1_000_000) int queueEvents,
    @DefaultValue("20000") @Min(1) @Max(1_000_000) int connections,
    @DefaultValue("10000") @Min(1) @Max(1_000_000) int connectionsPerTenant,
    @DefaultValue("2000") @Min(1) @Max(1_000_000) int connectionsPerCaller,
    @DefaultValue("2") @Min(1) @Max(64) int scans,
    @DefaultValue("1MB") DataSize scanSize,
    @DefaultValue("5s") @DurationMin(millis = 500) @DurationMax(minutes = 1)
        Duration startTimeout) {
  private static final DataSize MOST = DataSize.ofGigabytes(64);

  LiveProperties {
    requireBetween(ringSize, DataSize.ofBytes(0), MOST, "ring-size");
    requireBetween(queueSize, DataSize.ofKilobytes(16), DataSize.ofGigabytes(1), "queue-size");
    requireBetween(scanSize, DataSize.ofKilobytes(16), DataSize.ofMegabytes(64), "scan-size");
  }

  private static void requireBetween(DataSize size, DataSize least, DataSize most, String name) {
    if (size.compareTo(least) < 0 || size.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s must be between %dB and %dB".formatted(name, least.toBytes(), most.toBytes()));
    }
  }
}
