package dev.slipway.pipeline.stage;

import java.util.List;
import java.util.Map;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// The SQL of a stage's states, a batch at a time: one statement each.
public interface StateStore<K, S> {
  /// Reads and locks the states of these aggregates until the transaction ends.
  ///
  /// @param keys distinct, in ascending order, so that two transactions never wait for each other
  /// @return without the aggregates that nothing has happened to
  Mono<Map<K, S>> lock(DatabaseClient client, List<K> keys);

  /// Writes states that were changed, new aggregates included.
  Mono<Void> write(DatabaseClient client, Map<K, S> states);
}
