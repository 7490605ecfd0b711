package dev.slipway.pipeline.stage;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// The SQL of a stage's states, a batch at a time: a handful of statements, however large the
/// batch.
public interface StateStore<K, S, I> {
  /// Reads and locks the states of these aggregates until the transaction ends.
  ///
  /// @param inputs what each aggregate is going to be told, so that of a large one only what that
  ///   can touch is read; sorted by key, so that two transactions never wait for each other
  /// @return without the aggregates that nothing has happened to
  Mono<Map<K, S>> lock(DatabaseClient client, SortedMap<K, List<I>> inputs);

  /// Writes states that were changed, new aggregates included.
  Mono<Void> write(DatabaseClient client, Map<K, Change<S>> changes);

  /// Which of these inputs differ from the one of the same identity that counts. Asked for those
  /// that changed nothing, once all others of their batch are written.
  default Mono<List<I>> differing(DatabaseClient client, List<I> repeats) {
    return Mono.just(List.of());
  }

  /// The tables that it writes: all of them, and nothing else is in them.
  List<StateTable> tables();

  /// A state that was changed.
  ///
  /// @param before what was read; the initial state of a new aggregate
  record Change<S>(S before, S after) {}
}
