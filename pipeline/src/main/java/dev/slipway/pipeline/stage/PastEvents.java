package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.Transaction;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.EventDecoder.Recorded;
import dev.slipway.pipeline.stage.StateStore.Change;
import dev.slipway.pipeline.stage.StateStore.Loaded;
import dev.slipway.pipeline.stage.StateStore.Stored;
import dev.slipway.schemas.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Folds the events that a stage has published into states in another schema. Nothing is decided
/// again. Used by one thread.
///
/// | event | what becomes of it |
/// |---|---|
/// | the next of its aggregate | evolved |
/// | of a version that the aggregate has | nothing: it was published twice |
/// | of a later version: one before it is gone, or cannot be read | nothing, so that the row stays behind, and differs |
public final class PastEvents<S, I, E> {
  private static final Logger log = LoggerFactory.getLogger(PastEvents.class);

  private final Stage<S, I, E> stage;
  private final EventDecoder<E> decoder;
  private final Topic topic;
  private final Database database;

  private PastEvents(
      Stage<S, I, E> stage, EventDecoder<E> decoder, Topic topic, Database database) {
    this.stage = stage;
    this.decoder = decoder;
    this.topic = topic;
    this.database = database;
  }

  /// Those of a stage.
  ///
  /// @param database where states are written
  /// @return empty when it is not the stage's events that say what its rows are
  public static <S, I, E> Optional<PastEvents<S, I, E>> of(
      Stage<S, I, E> stage, Database database) {
    EventDecoder<E> decoder = stage.rebuiltFrom();
    EventCodec<S, E> codec = stage.events();
    return decoder == null || codec == null
        ? Optional.empty()
        : Optional.of(new PastEvents<>(stage, decoder, codec.topic(), database));
  }

  /// Where they are published.
  public Topic topic() {
    return topic;
  }

  /// Folds records of the topic, all of them in one transaction. To do it again changes nothing.
  ///
  /// @throws dev.slipway.pipeline.error.RetryableException when the database or the registry is
  ///   away
  public void fold(List<ConsumerRecord<byte[], byte[]>> records) {
    var events = new ArrayList<Past<E>>();
    records.forEach(record -> read(record).ifPresent(events::add));
    if (!events.isEmpty()) {
      boolean _ =
          database.inStage(transaction -> {
            fold(transaction, events);
            return true;
          });
    }
  }

  private record Past<E>(AggregateId id, Numbered<E> event) {}

  private Optional<Past<E>> read(ConsumerRecord<byte[], byte[]> record) {
    CloudEvent envelope = CloudEvent.from(record.headers()).orElse(null);
    Long version = envelope == null ? null : envelope.sequence();
    if (envelope == null || version == null) {
      skipped(record, "it has no CloudEvents headers, or no ce_sequence");
      return Optional.empty();
    }
    try {
      Optional<Recorded<E>> recorded = decoder.decode(record, envelope);
      if (recorded.isEmpty()) {
        skipped(record, "this build does not know its ce_type");
      }
      return recorded.map(one ->
          new Past<>(
              one.id(),
              new Numbered<>(one.event(), envelope.id(), version, envelope.time(), one.causeId())));
    } catch (PermanentException e) {
      skipped(record, RecordReader.cause(e));
      return Optional.empty();
    }
  }

  private void skipped(ConsumerRecord<byte[], byte[]> record, String why) {
    log.atWarn()
        .addKeyValue("stage", stage.name())
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .addKeyValue("cause", why)
        .log("event cannot be folded: its row will differ");
  }

  private void fold(Transaction transaction, List<Past<E>> events) {
    var told = new TreeMap<AggregateId, List<I>>();
    events.forEach(past -> told.put(past.id, List.of()));
    Loaded<S> loaded = transaction.send(flight -> stage.states().load(flight, told)).get();
    var changes = new LinkedHashMap<AggregateId, Change<S, E>>();
    for (Past<E> past : events) {
      Stored<S> before = loaded.states().get(past.id);
      Change<S, E> change = changes.get(past.id);
      Stored<S> now = change == null ? before : change.after();
      long version = now == null ? 0 : now.version();
      if (past.event.version() == version + 1) {
        S state = now == null ? stage.decider().initial() : now.state();
        changes.put(past.id, next(past, before, change, stage.decider().evolve(state, past.event)));
      }
    }
    if (!changes.isEmpty()) {
      transaction.send(flight -> stage.states().write(flight, List.copyOf(changes.values()))).run();
    }
  }

  private Change<S, E> next(
      Past<E> past, @Nullable Stored<S> before, @Nullable Change<S, E> change, S state) {
    var folded = new ArrayList<Numbered<E>>(change == null ? List.of() : change.events());
    folded.add(past.event);
    return new Change<>(past.id, before, new Stored<>(state, past.event.version()), folded);
  }
}
