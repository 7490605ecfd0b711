package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An operation that is a worker's until the lease lapses.
///
/// @param epoch which lease of it this is: 1, 2, 3 …; an outcome counts only under the newest
/// @param request what the worker must know, as JSON
/// @param note what the last worker has left for who comes after him, as JSON; null when nothing
/// @param ordered whether it waits for earlier ones of its aggregate
/// @param cancelled whether it is no longer wanted
/// @param tries how often it could not be made: leases that only lapsed do not count
/// @param dueAt until when it is begun or tried again; null for ever
public record LeasedOperation(
    UUID id,
    int epoch,
    AggregateId aggregate,
    String kind,
    String request,
    @Nullable String note,
    boolean ordered,
    boolean cancelled,
    int tries,
    @Nullable Instant dueAt,
    @Nullable String traceparent) {}
