package dev.slipway.notifier.router;

import dev.slipway.notifier.router.SourcePosition.Placement;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.LogReader.Log;
import dev.slipway.pipeline.publish.PublisherSource;
import dev.slipway.pipeline.publish.Turn;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.publisher.Checkpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the events of all topics have for the public: each becomes one record of `notifications`.
/// How far it has come stands in its checkpoints alone.
///
/// INVARIANT: events of one key become notifications in their order, because one partition is read
/// in order and all notifications of a tenant share a partition.
final class EventRouter implements PublisherSource {
  private static final Logger log = LoggerFactory.getLogger(EventRouter.class);
  static final String NAME = "router-notifier";

  private final KafkaClients clients;
  private final Map<String, EventCodec> codecs;
  private final EventRenderer renderer;
  private final ProgressCodec progress;
  private final RouterMetrics metrics;
  private final Limits limits;
  private final DiskSpace disk;

  // CONFINED: to the publisher's thread
  private @Nullable EventReader reader;
  private Map<TopicPartition, SourcePosition> positions = Map.of();
  private Map<TopicPartition, SourcePosition> offered = Map.of();
  private List<Place> places = List.of();
  private final Set<Place> refused = new HashSet<>();

  /// Bounds of one turn, and how often the topics are looked at.
  record Limits(int maxRecords, int maxBytes, RouterProperties properties) {}

  /// One record.
  private record Place(TopicPartition partition, long offset) {}

  EventRouter(
      KafkaClients clients,
      List<EventCodec> codecs,
      EventRenderer renderer,
      RouterMetrics metrics,
      Limits limits,
      DiskSpace disk) {
    this.clients = clients;
    this.codecs =
        codecs.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    codec -> clients.topicNames().of(codec.topic()), codec -> codec));
    this.renderer = renderer;
    this.progress = new ProgressCodec(clients.topicNames());
    this.metrics = metrics;
    this.limits = limits;
    this.disk = disk;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Topic checkpoints() {
    return Topics.NOTIFIER_PROGRESS;
  }

  @Override
  public void resume(@Nullable Checkpoint last) {
    rest();
    reader = new EventReader(clients, NAME, limits);
    positions = progress.read(last);
    place();
  }

  /// Compares the positions with the logs, and reads on from where that leads.
  private void place() {
    var placed = new HashMap<TopicPartition, SourcePosition>();
    reader()
        .logs(codecs.keySet())
        .forEach((partition, found) -> {
          Placement placement = SourcePosition.place(positions.get(partition), found);
          tell(partition, placement, found);
          placed.put(partition, placement.position());
        });
    if (placed.equals(positions) && reader().isPlaced()) {
      return; // seeking would throw away what was fetched ahead
    }
    positions = Map.copyOf(placed);
    reader().seek(positions);
  }

  private void tell(TopicPartition partition, Placement placement, Log found) {
    if (placement.lost() > 0 || placement.cut()) {
      metrics.lost(placement.lost());
      log.atError()
          .addKeyValue("topic", partition.topic())
          .addKeyValue("partition", partition.partition())
          .addKeyValue("offset", placement.position().next())
          .addKeyValue("lost", placement.lost())
          .addKeyValue("log_start", found.start())
          .addKeyValue("log_end", found.end())
          .log("events are gone from the log: the router goes on with what is there");
    }
  }

  @Override
  public Turn next() {
    disk.require(); // notifications fill it as events do
    if (reader().isDoubtful()) {
      place();
    }
    List<ConsumerRecord<byte[], byte[]>> records = reader().poll();
    if (records.isEmpty()) {
      return Turn.NOTHING;
    }
    try {
      return turn(records);
    } catch (RetryableException e) {
      reader().seek(positions); // the same are read again
      throw e;
    }
  }

  private Turn turn(List<ConsumerRecord<byte[], byte[]>> records) {
    var next = new HashMap<>(positions);
    var read = new ArrayList<Place>(records.size());
    var notifications = new ArrayList<ProducerRecord<byte[], byte[]>>(records.size());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      var partition = new TopicPartition(record.topic(), record.partition());
      var place = new Place(partition, record.offset());
      String topicId = topicId(partition);
      EventCodec codec = Objects.requireNonNull(codecs.get(record.topic()), "only these are read");
      notifications.add(
          refused.contains(place)
              ? renderer.unknown(record, topicId, codec)
              : renderer.render(record, topicId, codec));
      read.add(place);
      next.put(partition, new SourcePosition(topicId, record.offset() + 1));
    }
    offered = Map.copyOf(next);
    places = List.copyOf(read);
    return new Turn(notifications, progress.write(offered));
  }

  private String topicId(TopicPartition partition) {
    return Objects.requireNonNull(positions.get(partition), "placed before it is read").topicId();
  }

  @Override
  public void published() {
    positions = offered;
    refused.clear();
  }

  /// What stands for it is small enough for any limit.
  @Override
  public void refused(int index) {
    Place place = places.get(index);
    log.atError()
        .addKeyValue("topic", place.partition().topic())
        .addKeyValue("partition", place.partition().partition())
        .addKeyValue("offset", place.offset())
        .log("kafka refuses a notification: the event is passed as unknown");
    refused.add(place);
    reader().seek(positions);
  }

  @Override
  public void rest() {
    EventReader former = reader;
    reader = null;
    refused.clear();
    if (former != null) {
      former.close();
    }
  }

  private EventReader reader() {
    return Objects.requireNonNull(reader, "resume comes first");
  }

  @Override
  public long waiting() {
    EventReader current = reader;
    return current == null ? 0 : current.lag();
  }

  @Override
  public long heldBack() {
    return refused.size();
  }
}
