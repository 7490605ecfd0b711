package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.pipeline.kafka.LogReader.Log;
import dev.slipway.pipeline.stage.PositionCheck.GoOn;
import dev.slipway.pipeline.stage.PositionCheck.Rewind;
import dev.slipway.pipeline.stage.PositionCheck.Stop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The consumer of a stage, placed by the positions in Postgres: group offsets are a hint for lag
/// tools. A partition is read only after its position has been compared with the log
/// ([PositionCheck]). Used by one thread.
final class StageSource implements ConsumerRebalanceListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StageSource.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String stage;
  private final Consumer<byte[], byte[]> consumer;
  private final LogReader logs;
  private final Database database;
  private final StagePositions positions;
  private final Rewinds rewinds;
  private final java.util.function.Consumer<Collection<TopicPartition>> withdraw;

  // CONFINED: to the stage's thread, as the consumer is
  private final Map<TopicPartition, Position> placed = new HashMap<>();
  private final Map<TopicPartition, Long> durable = new HashMap<>();
  private final Set<TopicPartition> unplaced = new HashSet<>();
  private final Set<TopicPartition> truncated = new HashSet<>();
  private final Map<TopicPartition, String> stopped = new HashMap<>();
  private boolean joined;

  /// @param withdraw told of partitions that are no longer ours
  StageSource(
      String stage,
      Consumer<byte[], byte[]> consumer,
      LogReader logs,
      Database database,
      StagePositions positions,
      Rewinds rewinds,
      java.util.function.Consumer<Collection<TopicPartition>> withdraw) {
    this.stage = stage;
    this.consumer = consumer;
    this.logs = logs;
    this.database = database;
    this.positions = positions;
    this.rewinds = rewinds;
    this.withdraw = withdraw;
  }

  void subscribe(Collection<String> topics) {
    consumer.subscribe(topics, this);
  }

  /// Ends a poll that waits, or the next one. Called by any thread.
  void wake() {
    consumer.wakeup();
  }

  /// Reads on. Also moves over what consumers never see, such as transaction markers.
  ///
  /// @return what was read of each partition, and which offsets that covers
  List<Polled> poll(Duration timeout) {
    ConsumerRecords<byte[], byte[]> records;
    try {
      records = consumer.poll(timeout);
    } catch (LogTruncationException e) {
      // also a log that has grown again since: the leader's epochs tell
      truncated.addAll(e.divergentOffsets().keySet());
      unplace(e.partitions());
      records = ConsumerRecords.empty();
    } catch (InvalidOffsetException e) {
      unplace(e.partitions());
      records = ConsumerRecords.empty();
    } catch (WakeupException _) {
      records = ConsumerRecords.empty(); // there is something to place, or it is to stop
    }
    var polled = new ArrayList<Polled>();
    for (Map.Entry<TopicPartition, OffsetAndMetadata> next : records.nextOffsets().entrySet()) {
      step(polled, next.getKey(), next.getValue(), records.records(next.getKey()));
    }
    if (records.isEmpty()) {
      for (TopicPartition partition : Set.copyOf(placed.keySet())) {
        step(polled, partition, new OffsetAndMetadata(position(partition)), List.of());
      }
    }
    return polled;
  }

  /// What one poll brought of a partition.
  ///
  /// @param records behind the position alone
  record Polled(
      TopicPartition partition,
      Position from,
      Position next,
      List<ConsumerRecord<byte[], byte[]>> records) {}

  private void step(
      List<Polled> polled,
      TopicPartition partition,
      OffsetAndMetadata next,
      List<ConsumerRecord<byte[], byte[]>> records) {
    Position before = placed.get(partition);
    if (before != null && next.offset() > before.next()) {
      var after =
          new Position(before.topicId(), next.leaderEpoch().orElse(before.epoch()), next.offset());
      List<ConsumerRecord<byte[], byte[]>> behind =
          records.stream().filter(record -> record.offset() >= before.next()).toList();
      polled.add(new Polled(partition, before, after, behind));
      placed.put(partition, after);
    }
  }

  private long position(TopicPartition partition) {
    try {
      return unplaced.contains(partition) ? 0 : consumer.position(partition, PATIENCE);
    } catch (TimeoutException e) {
      throw new RetryableException("Kafka does not answer about " + partition, Duration.ZERO, e);
    }
  }

  /// Where the transaction left the positions: reads on from there, also when another owner moved
  /// them. What has no position any more, or one in another topic, is placed anew.
  ///
  /// @param actual null when there is no position any more
  void settled(TopicPartition partition, @Nullable Position actual) {
    Position expected = placed.get(partition);
    if (expected == null) {
      return; // no longer ours
    }
    if (actual == null || !actual.topicId().equals(expected.topicId())) {
      unplace(Set.of(partition));
      return;
    }
    durable.put(partition, actual.next());
    if (expected.next() != actual.next()) {
      seek(partition, actual);
      placed.put(partition, actual);
    }
  }

  private void seek(TopicPartition partition, Position position) {
    consumer.seek(
        partition,
        new OffsetAndMetadata(position.next(), Optional.ofNullable(position.epoch()), ""));
  }

  /// Whether the partition is still ours.
  boolean owns(TopicPartition partition) {
    return placed.containsKey(partition);
  }

  /// Places the partitions that were newly assigned or have become doubtful, and starts to read
  /// them.
  ///
  /// @throws RetryableException when Kafka or Postgres is away
  void place() {
    if (unplaced.isEmpty()) {
      return;
    }
    Set<TopicPartition> todo = Set.copyOf(unplaced);
    Map<TopicPartition, Log> found = logs.read(todo);
    Map<TopicPartition, Position> stored =
        database.inStage(transaction -> positions.read(transaction, todo));
    for (TopicPartition partition : todo) {
      Log actual = found.get(partition);
      if (actual == null) {
        throw new RetryableException("no answer about " + partition, Duration.ZERO, null);
      }
      place(partition, stored.get(partition), actual);
    }
  }

  private void place(TopicPartition partition, @Nullable Position stored, Log actual) {
    switch (PositionCheck.of(stored, actual, truncated.contains(partition))) {
      case GoOn(var position) -> start(partition, position);
      case Rewind(long offset, String reason) -> {
        var position = Position.at(actual.topicId(), offset);
        boolean moved =
            database.inStage(transaction ->
                stored == null
                    ? positions.begin(transaction, partition, position)
                    : positions.move(transaction, partition, stored, position));
        if (moved) { // else another owner was faster: the next turn looks again
          if (stored == null) {
            log.atInfo()
                .addKeyValue("stage", stage)
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("offset", offset)
                .log("partition is read for the first time");
          } else {
            rewinds.note(partition, offset, reason);
          }
          truncated.remove(partition);
          start(partition, position);
        }
      }
      case Stop(String reason) -> {
        unplaced.remove(partition);
        if (!reason.equals(stopped.put(partition, reason))) {
          log.atError()
              .addKeyValue("stage", stage)
              .addKeyValue("topic", partition.topic())
              .addKeyValue("partition", partition.partition())
              .addKeyValue("reason", reason)
              .log("stage stopped: records were lost before it saw them");
        }
      }
    }
  }

  private void start(TopicPartition partition, Position position) {
    placed.put(partition, position);
    durable.put(partition, position.next());
    unplaced.remove(partition);
    stopped.remove(partition);
    seek(partition, position);
    consumer.resume(Set.of(partition));
  }

  /// Looks whether the topic was recreated, truncated, or lost records that were not yet seen.
  ///
  /// @throws RetryableException when Kafka is away
  void verify() {
    unplaced.addAll(stopped.keySet());
    Map<TopicPartition, Log> found = logs.read(Set.copyOf(placed.keySet()));
    unplace(
        found.entrySet().stream()
            .filter(entry ->
                !(PositionCheck.of(placed.get(entry.getKey()), entry.getValue(), false)
                    instanceof GoOn))
            .map(Map.Entry::getKey)
            .toList());
  }

  private void unplace(Collection<TopicPartition> partitions) {
    consumer.pause(partitions);
    partitions.forEach(placed::remove);
    unplaced.addAll(partitions);
  }

  /// Reads nothing for a while, but stays a member of the group.
  void idle(Duration pause) {
    consumer.pause(consumer.assignment());
    var _ = poll(pause);
    consumer.resume(placed.keySet());
  }

  /// Tells lag tools how far the stage is.
  void hint() {
    consumer.commitAsync(
        durable.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, entry -> new OffsetAndMetadata(entry.getValue()))),
        (_, _) -> {});
  }

  /// Records that are there and not yet read.
  long lag() {
    return placed.keySet().stream()
        .map(consumer::currentLag)
        .filter(OptionalLong::isPresent)
        .mapToLong(OptionalLong::getAsLong)
        .sum();
  }

  /// How many partitions it was assigned.
  int assigned() {
    return consumer.assignment().size();
  }

  /// How many members its group has, itself among them; 0 when it has not joined yet.
  int members() {
    return joined ? logs.members(consumer.groupMetadata().groupId()) : 0;
  }

  /// Whether it is a member of the group and reads all that it was assigned.
  boolean reading() {
    return joined && unplaced.isEmpty() && stopped.isEmpty();
  }

  /// Partitions that wait for an operator, and why.
  Map<TopicPartition, String> stopped() {
    return Map.copyOf(stopped);
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    joined = true;
    // a position of some kind is needed before the first poll, else the reset policy is asked
    partitions.forEach(partition -> consumer.seek(partition, 0));
    unplace(partitions);
    if (!partitions.isEmpty()) {
      // they are placed before anything else is waited for; all is paused, so no record gets lost
      consumer.wakeup();
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    withdraw.accept(partitions);
    partitions.forEach(placed::remove);
    partitions.forEach(durable::remove);
    partitions.forEach(unplaced::remove);
    partitions.forEach(truncated::remove);
    partitions.forEach(stopped::remove);
  }

  @Override
  public void close() {
    withdraw.accept(placed.keySet());
    consumer.close(CloseOptions.timeout(PATIENCE));
  }
}
