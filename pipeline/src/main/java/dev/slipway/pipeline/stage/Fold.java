package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Link;
import dev.slipway.pipeline.stage.Claims.KnownRequest;
import dev.slipway.pipeline.stage.Deadlines.Deadline;
import dev.slipway.pipeline.stage.StateStore.Loaded;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The pure middle of a stage transaction: decides the inputs of a turn in order and gathers what
/// follows. Each decision is caught by itself: one that fails is taken out, and everything else
/// goes on. Used once, by one thread.
final class Fold<S, I, E> {
  private final Aggregates<S, I, E> aggregates;
  private final AskFold<S, I, E> asks;
  private final RecordFold<S, I, E> records;

  /// @param replay whose forced decisions these are; null for all others
  Fold(
      Stage<S, I, E> stage,
      Mode mode,
      Reads<S, I> reads,
      Map<Link, Optional<AggregateId>> owners,
      @Nullable UUID replay) {
    this.aggregates = new Aggregates<>(stage, mode, reads.loaded, owners);
    this.asks = new AskFold<>(stage, reads, aggregates);
    this.records = new RecordFold<>(stage, mode, reads, replay, aggregates);
  }

  /// What the transaction has read.
  ///
  /// @param claimed ids of records that are ours to decide; of two with one id the first counts
  /// @param requests what is known under the idempotency keys of the turn
  /// @param standing deadlines of the turn that are still as they were
  /// @param running operations of the turn that have not ended
  /// @param occupied lanes in which records wait
  /// @param others what stands on the other side of links that are new
  record Reads<S, I>(
      Instant now,
      Set<UUID> claimed,
      Map<UUID, KnownRequest> requests,
      Loaded<S> loaded,
      Set<Deadline> standing,
      Map<UUID, LeasedOperation> running,
      Set<String> occupied,
      Map<Link, List<I>> others) {}

  /// Decides the turn: requests and outcomes, records, deadlines.
  void run(Turn<S, I, E> turn) {
    for (Ask<S, I, E> ask : turn.asks()) {
      switch (ask) {
        case Ask.Requested<S, I, E> request -> asks.request(request);
        case Ask.Ended<S, I, E> outcome -> asks.outcome(outcome);
        case Ask.Due<S, I, E> _ -> {}
      }
    }
    turn.slices().forEach(records::slice);
    for (Ask<S, I, E> ask : turn.asks()) {
      if (ask instanceof Ask.Due<S, I, E> due) {
        asks.due(due);
      }
    }
  }

  Aggregates<S, I, E> aggregates() {
    return aggregates;
  }

  /// What follows beside the aggregates.
  record Result<I>(AskFold.Result asks, RecordFold.Result<I> records) {}

  Result<I> result() {
    return new Result<>(asks.result(), records.result());
  }
}
