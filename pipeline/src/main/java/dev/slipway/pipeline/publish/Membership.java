package dev.slipway.pipeline.publish;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a process takes part in the choice of the publisher that leads.
///
/// @param instanceId Kafka's `group.instance.id`, one per live process; with it a restarted process
///   leads again at once, without it after `sessionTimeout`; null for none
/// @param sessionTimeout how long a leader may be silent before another leads
public record Membership(@Nullable String instanceId, Duration sessionTimeout) {}
