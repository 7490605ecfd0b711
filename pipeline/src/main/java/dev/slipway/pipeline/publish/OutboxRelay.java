package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pipeline.database.Flight.Answer;
import dev.slipway.pipeline.kafka.TopicNames;
import dev.slipway.pipeline.publish.Outbox.Lane;
import dev.slipway.pipeline.publish.Outbox.Row;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.publisher.Checkpoint;
import dev.slipway.schemas.publisher.RecordsPublished;
import dev.slipway.schemas.publisher.RowsPublished;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a service's outbox has for Kafka. A row is published, then marked.
///
/// INVARIANT: the rows of the last committed checkpoint are the only ones that may be published and
/// not marked: a turn marks the rows of the one before in the transaction in which it reads its
/// own.
///
/// A row that Kafka refuses (too large for its topic, say) holds back its key, whose records must
/// not overtake each other, and no other. It is tried again now and then, so that raising the
/// topic's limit is all that is needed.
public final class OutboxRelay implements PublisherSource {
  private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
  private static final int COUNTED = 100_000;
  private static final Duration COUNT_INTERVAL = Duration.ofSeconds(5);

  private final String schema;
  private final Topic checkpoints;
  private final Database database;
  private final Wakeup wakeup;
  private final TopicNames names;
  private final PublisherProperties limits;
  private final OutboxProperties properties;

  // CONFINED: to the publisher's thread
  private final Set<Lane> heldBack = new HashSet<>();
  private int triedAgain;
  private final Chore sweep;
  private final Chore count;
  private List<Row> offered = List.of();
  private List<Long> unmarked = List.of();
  private long waiting;

  /// @param schema whose outbox it is
  /// @param checkpoints the topic of its checkpoints, for no other publisher
  /// @param database the way to that schema
  /// @param wakeup given by whoever has committed rows in this process
  public OutboxRelay(
      String schema,
      Topic checkpoints,
      Database database,
      Wakeup wakeup,
      TopicNames names,
      Settings settings) {
    this.schema = schema;
    this.checkpoints = checkpoints;
    this.database = database;
    this.wakeup = wakeup;
    this.names = names;
    this.limits = settings.limits();
    this.properties = settings.outbox();
    this.sweep = new Chore(properties.sweepInterval());
    this.count = new Chore(COUNT_INTERVAL);
  }

  /// Settings of a relay.
  public record Settings(PublisherProperties limits, OutboxProperties outbox) {}

  @Override
  public String name() {
    return "relay-" + schema;
  }

  @Override
  public Topic checkpoints() {
    return checkpoints;
  }

  @Override
  public void resume(@Nullable Checkpoint last) {
    unmarked =
        last == null
            ? List.of()
            : switch (last.getBody()) {
              case RowsPublished rows -> rows.getOutboxIds();
              case RecordsPublished _ ->
                  throw new IllegalStateException(checkpoints.name() + " is not a relay's topic");
              default -> throw new IllegalStateException("unknown checkpoint");
            };
    heldBack.clear();
    triedAgain = 0;
    var _ =
        database.inStage(
            transaction -> transaction.send(flight -> Outbox.mark(flight, unmarked)).get());
    unmarked = List.of();
  }

  @Override
  public Turn next() {
    doChores();
    offered = database.inStage(transaction -> transaction.send(this::markAndRead).get());
    unmarked = List.of();
    if (offered.isEmpty()) {
      await();
      return Turn.NOTHING;
    }
    var checkpoint = new Checkpoint(new RowsPublished(offered.stream().map(Row::id).toList()));
    return new Turn(offered.stream().map(this::record).toList(), checkpoint);
  }

  private Answer<List<Row>> markAndRead(Flight flight) {
    var _ = Outbox.mark(flight, unmarked);
    return Outbox.waiting(flight, limits.maxRecords(), limits.maxBytes(), heldBack);
  }

  private void await() {
    triedAgain = 0;
    try {
      wakeup.await(properties.pollInterval());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }

  private ProducerRecord<byte[], byte[]> record(Row row) {
    var record =
        new ProducerRecord<>(
            names.prefix() + row.lane().topic(),
            row.lane().key().getBytes(StandardCharsets.UTF_8),
            row.value());
    row.envelope().addTo(record.headers());
    return record;
  }

  @Override
  public void published() {
    unmarked = offered.stream().map(Row::id).toList();
    offered = List.of();
    triedAgain = 0;
  }

  @Override
  public void refused(int index) {
    Row row = offered.get(index);
    heldBack.add(row.lane());
    log.atError()
        .addKeyValue("publisher", name())
        .addKeyValue("outbox_id", row.id())
        .addKeyValue("ce_id", row.envelope().id())
        .addKeyValue("topic", row.lane().topic())
        .addKeyValue("key", row.lane().key())
        .addKeyValue("value_bytes", row.value().length)
        .log("kafka refuses a record: its key is held back until the topic takes it");
    offered = List.of();
  }

  private void doChores() {
    if (count.isDue()) {
      waiting =
          database.inStage(transaction ->
              transaction.send(flight -> Outbox.count(flight, COUNTED)).get().getFirst());
    }
    if (sweep.isDue()) {
      long deleted =
          database.inStage(transaction ->
              transaction
                  .send(flight -> Outbox.sweep(flight, properties.kept(), properties.sweepRows()))
                  .get());
      if (deleted == properties.sweepRows()) {
        sweep.again();
      }
      triedAgain = heldBack.size();
      heldBack.clear();
    }
  }

  @Override
  public void rest() {
    offered = List.of();
    unmarked = List.of();
    waiting = 0;
  }

  @Override
  public long waiting() {
    return waiting;
  }

  /// Those that are being tried again count until they are through: an alarm must not flicker.
  @Override
  public long heldBack() {
    return Math.max(heldBack.size(), triedAgain);
  }
}
