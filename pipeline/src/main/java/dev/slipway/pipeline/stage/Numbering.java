package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Cause;
import dev.slipway.pipeline.core.Command;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.core.Operation;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.publish.OutboxRecord;
import dev.slipway.pipeline.stage.Aggregates.Step;
import dev.slipway.pipeline.stage.Operations.Cancelled;
import dev.slipway.pipeline.stage.Operations.Wanted;
import dev.slipway.schemas.Ids;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// Gives what follows from a decision its number and its id: both are the same whenever it is
/// decided again.
final class Numbering<S, E> {
  private final Stage<S, ?, E> stage;
  private final boolean isSilent;

  /// @param isSilent whether nothing is published and nothing asked for
  Numbering(Stage<S, ?, E> stage, boolean isSilent) {
    this.stage = stage;
    this.isSilent = isSilent;
  }

  /// Numbers what a decision says.
  ///
  /// @param before the aggregate's state
  /// @param at its version
  Step<S, E> step(AggregateId id, S before, long at, Cause cause, Decision<E> decision) {
    var numbers = new HashMap<String, Integer>();
    var events = new ArrayList<Numbered<E>>();
    var records = new ArrayList<OutboxRecord>();
    S state = before;
    long version = at;
    EventCodec<S, E> codec = stage.events();
    for (E event : decision.events()) {
      String type = codec == null ? null : codec.type(event);
      if (type == null && stage.rebuiltFrom() != null) {
        throw new IllegalStateException(
            stage.name() + " is rebuilt from its events, and this one is not published");
      }
      if (codec == null || type == null) {
        var folded = new Numbered<>(event, null, 0, cause.at(), cause.id());
        state = stage.decider().evolve(state, folded);
        events.add(folded);
        continue;
      }
      String key = codec.key(id, event);
      long sequence = codec.version(state, version, key) + 1;
      var numbered =
          new Numbered<>(event, id(cause, type, key, numbers), sequence, cause.at(), cause.id());
      state = stage.decider().evolve(state, numbered);
      version++;
      events.add(numbered);
      if (!isSilent) {
        records.add(
            new OutboxRecord(
                codec.topic(),
                id.tenant(),
                key,
                new CloudEvent(
                    numbered.publishedId(),
                    type,
                    codec.source(),
                    cause.at(),
                    key,
                    sequence,
                    cause.traceparent()),
                codec.encode(id, state, numbered)));
      }
    }
    var operations = new ArrayList<Wanted>();
    var cancelled = new ArrayList<Cancelled>();
    if (!isSilent) {
      decision.cancelled().forEach(operation -> cancelled.add(new Cancelled(id, operation)));
      decision.commands().forEach(command -> records.add(record(id, cause, command, numbers)));
      decision
          .operations()
          .forEach(operation -> operations.add(operation(id, cause, operation, numbers)));
    }
    return new Step<>(id, cause, state, version, events, records, operations, cancelled);
  }

  private OutboxRecord record(
      AggregateId id, Cause cause, Command command, Map<String, Integer> numbers) {
    CommandCodec<Command> codec = stage.codec(command);
    String type = codec.type(command);
    String key = codec.key(id, command);
    return new OutboxRecord(
        codec.topic(),
        id.tenant(),
        key,
        new CloudEvent(
            command.id().orElseGet(() -> id(cause, type, key, numbers)),
            type,
            codec.source(),
            cause.at(),
            key,
            null,
            cause.traceparent()),
        codec.encode(id, command));
  }

  private Wanted operation(
      AggregateId id, Cause cause, Operation operation, Map<String, Integer> numbers) {
    OperationCodec<Operation> codec = stage.codec(operation);
    String kind = codec.kind(operation);
    // the tenant is part of it: keys of two tenants may be alike
    String key = id.tenant() + "/" + id.key();
    return new Wanted(
        operation.id().orElseGet(() -> id(cause, kind, key, numbers)),
        id,
        kind,
        codec.encode(operation),
        codec.isOrdered(operation),
        codec.patience(operation).map(Duration::toMillis).orElse(null),
        cause.traceparent());
  }

  private UUID id(Cause cause, String type, String key, Map<String, Integer> numbers) {
    int n = numbers.merge(type + "|" + key, 1, Integer::sum) - 1;
    return Ids.derived(stage.name(), cause.id(), type, key, n);
  }
}
