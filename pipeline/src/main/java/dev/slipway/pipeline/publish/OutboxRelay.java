package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.kafka.TopicNames;
import dev.slipway.pipeline.publish.CheckpointCodec.Progress;
import dev.slipway.pipeline.publish.Notifications.Rendered;
import dev.slipway.pipeline.publish.Outbox.Lane;
import dev.slipway.pipeline.publish.Outbox.Published;
import dev.slipway.pipeline.publish.Outbox.Row;
import dev.slipway.pipeline.publish.Outcome.Committed;
import dev.slipway.pipeline.publish.Outcome.NotificationRefused;
import dev.slipway.pipeline.publish.Outcome.NotificationsAway;
import dev.slipway.pipeline.publish.Outcome.RecordRefused;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.publisher.Checkpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a service's outbox has for Kafka. A row is published, with the notification it comes to,
/// then marked.
///
/// INVARIANT: the rows of the last committed checkpoint are the only ones that may be published and
/// not marked: a turn marks the rows of the one before in the transaction in which it reads its
/// own.
///
/// A row that Kafka refuses (too large for its topic, say) holds back its lane, whose records must
/// not overtake each other, and no other. It is tried again now and then, so that raising the
/// topic's limit is all that is needed.
final class OutboxRelay implements PublisherSource {
  private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
  private static final int COUNTED = 100_000;
  private static final Duration COUNT_INTERVAL = Duration.ofSeconds(5);

  /// More than Kafka and the file system leave unwritten.
  private static final Duration MAY_BE_LOST = Duration.ofMinutes(1);

  private final String name;
  private final Topic checkpoints;
  private final Database database;
  private final Wakeup wakeup;
  private final TopicNames names;
  private final Notifications notifications;
  private final BootNote boot;
  private final PublisherProperties limits;
  private final OutboxProperties properties;

  // CONFINED: to the publisher's thread
  private final Set<Lane> heldBack = new HashSet<>();
  private int triedAgain;
  private final Chore sweep;
  private final Chore count;
  private List<Row> read = List.of();
  private @Nullable Offer offer;
  private List<Published> unmarked = List.of();
  private UUID last = Ids.SLIPWAY;
  private long waiting;

  /// A relay of an outbox.
  ///
  /// @param wakeup given by whoever has committed rows in this process
  /// @param checkpoints the topic of its checkpoints, for no other publisher
  record Source(
      String name, Topic checkpoints, Database database, Wakeup wakeup, TopicNames names) {}

  /// Settings of a relay.
  record Settings(PublisherProperties limits, OutboxProperties outbox) {}

  /// A turn whose fate is not known yet.
  ///
  /// @param rows that it publishes
  /// @param noted those of them that are the public's, in order
  /// @param owed partitions that are owed a gap once it is published
  /// @param taken whether it has their notifications, behind the gaps
  private record Offer(
      Turn turn, List<Row> rows, List<Row> noted, Set<Integer> owed, boolean taken) {}

  OutboxRelay(Source source, Notifications notifications, BootNote boot, Settings settings) {
    this.name = source.name();
    this.checkpoints = source.checkpoints();
    this.database = source.database();
    this.wakeup = source.wakeup();
    this.names = source.names();
    this.notifications = notifications;
    this.boot = boot;
    this.limits = settings.limits();
    this.properties = settings.outbox();
    this.sweep = new Chore(properties.sweepInterval());
    this.count = new Chore(COUNT_INTERVAL);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Topic checkpoints() {
    return checkpoints;
  }

  @Override
  public void resume(@Nullable Checkpoint checkpoint) {
    Progress progress = CheckpointCodec.read(checkpoint);
    heldBack.clear();
    triedAgain = 0;
    if (boot.isOfAnotherBoot()) {
      publishAgain();
    } else {
      database.inStage(transaction -> {
        transaction.fly(flight -> Outbox.mark(flight, progress.rows()));
        return progress;
      });
      notifications.resume(progress.owed());
    }
    if (!progress.rows().isEmpty()) {
      last = Optional.ofNullable(progress.rows().getLast().recordId()).orElse(last);
    }
    boot.leave();
  }

  /// The machine went down: each partition may have lost its own share of what came last, that of
  /// the checkpoints too. Consumers know by its id what they have; those who watch are told.
  private void publishAgain() {
    int rows = database.inStage(transaction -> Outbox.unmark(transaction, MAY_BE_LOST));
    notifications.resume(Set.of(Notifications.ALL));
    log.atWarn()
        .addKeyValue("publisher", name)
        .addKeyValue("rows", rows)
        .log("the machine has booted since: what was published last is published again");
  }

  @Override
  public Turn next() {
    Offer atHand = offer;
    if (atHand != null) {
      return atHand.turn();
    }
    if (read.isEmpty()) {
      read = read();
    }
    if (read.isEmpty() && !notifications.canPay()) {
      await();
      return Turn.NOTHING;
    }
    Offer made = offer(notifications.areTaken());
    offer = made;
    return made.turn();
  }

  private List<Row> read() {
    doChores();
    List<Row> rows =
        database.inStage(transaction ->
            Outbox.markAndRead(
                transaction, unmarked, limits.maxRecords(), limits.maxBytes(), heldBack));
    unmarked = List.of();
    if (rows.isEmpty() && heldBack.isEmpty()) {
      waiting = 0;
    } else if (count.isDue()) {
      waiting = database.inStage(transaction -> Outbox.count(transaction, COUNTED));
    }
    return rows;
  }

  /// As many of the rows as one transaction takes together with their notifications.
  private Offer offer(boolean taken) {
    var rows = new ArrayList<Row>(read.size());
    var noted = new ArrayList<Row>(read.size());
    var rendered = new ArrayList<Rendered>(read.size());
    long bytes = 0;
    for (Row row : read) {
      Optional<Rendered> notification = notifications.render(row, taken);
      bytes += row.value().length + notification.map(Rendered::sizeBytes).orElse(0);
      if (bytes > limits.maxBytes() && !rows.isEmpty()) {
        break;
      }
      rows.add(row);
      notification.ifPresent(made -> {
        noted.add(row);
        rendered.add(made);
      });
    }
    Set<Integer> owed = taken ? Set.of() : notifications.owedWithout(rendered);
    var turn =
        new Turn(
            rows.stream().map(row -> row.record(names)).toList(),
            taken ? notifications.behindGaps(rendered, last) : List.of(),
            CheckpointCodec.write(rows, owed));
    return new Offer(turn, rows, noted, owed, taken);
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

  @Override
  public void wake() {
    wakeup.give();
  }

  @Override
  public void told(Outcome outcome) {
    Offer made = Objects.requireNonNull(offer, "next comes first");
    offer = null;
    switch (outcome) {
      case Committed() -> published(made);
      case RecordRefused(int index) -> holdBack(made.rows().get(index));
      case NotificationRefused(int index) -> {
        int behindGaps = index - (made.turn().notifications().size() - made.noted().size());
        notifications.refused(behindGaps < 0 ? null : made.noted().get(behindGaps));
      }
      case NotificationsAway(Exception cause) -> notifications.away(cause);
    }
  }

  private void published(Offer made) {
    unmarked = made.rows().stream().map(Row::published).toList();
    read = List.of();
    triedAgain = 0;
    if (!made.rows().isEmpty()) {
      last = made.rows().getLast().envelope().id();
    }
    notifications.published(made.owed(), made.taken() ? 0 : made.noted().size(), made.taken());
  }

  private void holdBack(Row row) {
    heldBack.add(row.lane());
    read = List.of();
    log.atError()
        .addKeyValue("publisher", name)
        .addKeyValue("outbox_id", row.id())
        .addKeyValue("ce_id", row.envelope().id())
        .addKeyValue("topic", row.lane().topic())
        .addKeyValue("tenant", row.lane().tenant())
        .addKeyValue("key", row.lane().key())
        .addKeyValue("value_bytes", row.value().length)
        .log("kafka refuses a record: its key is held back until the topic takes it");
  }

  private void doChores() {
    if (sweep.isDue()) {
      int deleted =
          database.inStage(
              transaction -> Outbox.sweep(transaction, properties.kept(), properties.sweepRows()));
      if (deleted == properties.sweepRows()) {
        sweep.again();
      }
      triedAgain = heldBack.size();
      heldBack.clear();
    }
  }

  @Override
  public void finish() {
    boot.remove();
  }

  @Override
  public void rest() {
    offer = null;
    read = List.of();
    unmarked = List.of();
    waiting = 0;
  }

  @Override
  public void close() {
    notifications.close();
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
