package dev.slipway.pipeline.stage;

import java.time.Instant;

/// One partition of a stage as the API shows it: how far it is and what became of what it saw.
public record StageView(
    String stage,
    StageHealth health,
    String topic,
    int partition,
    long nextOffset,
    long seen,
    long applied,
    long known,
    long foreign,
    long unrouted,
    long rejected,
    long dead,
    long parked,
    Instant updatedAt) {}
