package dev.slipway.pipeline.kafka;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;

/// How a process takes part in consumer groups.
///
/// @param instanceId Kafka's `group.instance.id`, one per live process; with it a restarted process
///   goes on at once, without it after `sessionTimeout`; null for none
/// @param sessionTimeout how long a member may be silent before another has what was its
public record Membership(@Nullable String instanceId, Duration sessionTimeout) {
  /// Members hear of each other's coming and going with a heartbeat, and what changes hands waits
  /// for that.
  private static final int HEARTBEATS_IN_A_SESSION = 4;

  /// Makes these the settings of a member.
  ///
  /// @param settings of a consumer
  /// @param member its name in the group, one for each member that a process has there
  public void join(Map<String, Object> settings, String group, String member) {
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) sessionTimeout.toMillis());
    int heartbeatMillis = (int) sessionTimeout.dividedBy(HEARTBEATS_IN_A_SESSION).toMillis();
    settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, heartbeatMillis);
    // so often the consumer's own thread looks whether it is time for one; 100 ms by default
    settings.put(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, heartbeatMillis / 2);
    if (instanceId != null) {
      settings.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, member + "-" + instanceId);
    }
  }
}
