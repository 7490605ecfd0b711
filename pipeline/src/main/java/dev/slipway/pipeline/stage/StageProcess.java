package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.observability.Traces;
import java.time.Clock;

/// One stage in one process: what its doors and its committers share.
record StageProcess<S, I, E>(
    Stage<S, I, E> stage,
    RecordReader<I> reader,
    StageQueue<S, I, E> queue,
    StageTransaction<S, I, E> transaction,
    Burials burials,
    Shares shares,
    StageMetrics metrics,
    StageProperties properties,
    Traces traces,
    Clock clock) {}
