package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Blocking;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.LogReader;
import dev.slipway.pipeline.kafka.LogReader.Log;
import dev.slipway.pipeline.stage.Batch.Span;
import dev.slipway.pipeline.stage.PositionCheck.GoOn;
import dev.slipway.pipeline.stage.PositionCheck.Rewind;
import dev.slipway.pipeline.stage.PositionCheck.Stop;
import dev.slipway.pipeline.stage.PositionCheck.Stored;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
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

  // CONFINED: to the stage's thread, as the consumer is
  private final Map<TopicPartition, Stored> placed = new HashMap<>();
  private final Map<TopicPartition, Long> durable = new HashMap<>();
  private final Set<TopicPartition> unplaced = new HashSet<>();
  private final Map<TopicPartition, String> stopped = new HashMap<>();
  private boolean joined;

  StageSource(
      String stage,
      Consumer<byte[], byte[]> consumer,
      LogReader logs,
      Database database,
      StagePositions positions,
      Rewinds rewinds) {
    this.stage = stage;
    this.consumer = consumer;
    this.logs = logs;
    this.database = database;
    this.positions = positions;
    this.rewinds = rewinds;
  }

  void subscribe(String topic) {
    consumer.subscribe(List.of(topic), this);
  }

  /// Reads on. Also moves over what consumers never see, such as transaction markers.
  Polled poll(Duration timeout) {
    ConsumerRecords<byte[], byte[]> records;
    try {
      records = consumer.poll(timeout);
    } catch (InvalidOffsetException e) {
      unplace(e.partitions());
      records = ConsumerRecords.empty();
    }
    var spans = new HashMap<TopicPartition, Span>();
    records.nextOffsets().forEach((partition, next) -> step(spans, partition, next.offset()));
    if (records.isEmpty()) {
      placed.keySet().forEach(partition -> step(spans, partition, position(partition)));
    }
    return new Polled(spans, records);
  }

  private void step(Map<TopicPartition, Span> spans, TopicPartition partition, long next) {
    Stored before = placed.get(partition);
    if (before != null && next > before.next()) {
      spans.put(partition, new Span(before.topicId(), before.next(), next));
      placed.put(partition, new Stored(before.topicId(), next));
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
  /// @param read the partitions of the batch
  void settled(Set<TopicPartition> read, Map<TopicPartition, Stored> after) {
    for (TopicPartition partition : read) {
      Stored expected = placed.get(partition);
      Stored actual = after.get(partition);
      if (expected == null) {
        continue; // no longer ours
      }
      if (actual == null || !actual.topicId().equals(expected.topicId())) {
        unplace(Set.of(partition));
        continue;
      }
      durable.put(partition, actual.next());
      if (expected.next() != actual.next()) {
        consumer.seek(partition, actual.next());
        placed.put(partition, actual);
      }
    }
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
    Map<TopicPartition, Stored> stored =
        Blocking.answer(database.asStage(client -> positions.read(client, todo)));
    for (TopicPartition partition : todo) {
      Log actual = found.get(partition);
      if (actual == null) {
        throw new RetryableException("no answer about " + partition, Duration.ZERO, null);
      }
      place(partition, stored.get(partition), actual);
    }
  }

  private void place(TopicPartition partition, @Nullable Stored stored, Log actual) {
    switch (PositionCheck.of(stored, actual)) {
      case GoOn(long offset) -> start(partition, new Stored(actual.topicId(), offset));
      case Rewind(long offset, String reason) -> {
        var position = new Stored(actual.topicId(), offset);
        boolean moved =
            Blocking.answer(
                database.asStage(client ->
                    stored == null
                        ? positions.begin(client, partition, position)
                        : positions.move(client, partition, stored, position)));
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
          start(partition, position);
        }
      }
      case Stop(String reason) -> {
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

  private void start(TopicPartition partition, Stored position) {
    placed.put(partition, position);
    durable.put(partition, position.next());
    unplaced.remove(partition);
    stopped.remove(partition);
    consumer.seek(partition, position.next());
    consumer.resume(Set.of(partition));
  }

  /// Looks whether the topic was recreated, truncated, or lost records that were not yet seen.
  ///
  /// @throws RetryableException when Kafka is away
  void verify() {
    Map<TopicPartition, Log> found = logs.read(Set.copyOf(placed.keySet()));
    unplace(
        found.entrySet().stream()
            .filter(entry ->
                !(PositionCheck.of(placed.get(entry.getKey()), entry.getValue()) instanceof GoOn))
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
    poll(pause);
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

  /// Whether it is a member of the group and reads all that it was assigned.
  boolean reading() {
    return joined && unplaced.isEmpty();
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
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    partitions.forEach(placed::remove);
    partitions.forEach(durable::remove);
    partitions.forEach(unplaced::remove);
    partitions.forEach(stopped::remove);
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(PATIENCE));
  }
}
