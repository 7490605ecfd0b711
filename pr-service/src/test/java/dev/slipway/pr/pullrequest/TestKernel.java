package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.stage.EventCodec;
import dev.slipway.schemas.Ids;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;

/// Numbers what was decided and folds it, as the kernel does.
///
/// @param codec tells what is published, under which key
public record TestKernel<S, E>(
    AggregateId id, EventCodec<S, E> codec, BiFunction<S, Numbered<E>, S> evolve) {
  public static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

  /// A state, and the events that led to it.
  public record Folded<S, E>(S state, List<Numbered<E>> events) {}

  /// What one decision leads to.
  public Folded<S, E> fold(S state, UUID cause, List<E> decided) {
    S folded = state;
    List<Numbered<E>> events = new ArrayList<>();
    Map<String, Integer> alike = new HashMap<>();
    for (E event : decided) {
      String type = codec.type(event);
      Numbered<E> numbered;
      if (type == null) {
        numbered = new Numbered<>(event, null, 0, AT, cause);
      } else {
        String key = codec.key(id, event);
        int n = alike.merge(type + " " + key, 1, Integer::sum) - 1;
        numbered =
            new Numbered<>(
                event,
                Ids.derived("test", cause, type, key, n),
                codec.version(folded, 0, key) + 1,
                AT,
                cause);
      }
      events.add(numbered);
      folded = evolve.apply(folded, numbered);
    }
    return new Folded<>(folded, events);
  }
}
