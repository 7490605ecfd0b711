package dev.slipway.pr.delivery;

import dev.slipway.pipeline.avro.AvroRuntime;
import dev.slipway.pipeline.core.LogPosition;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.stage.StageTrial;
import dev.slipway.pr.delivery.DeliveryState.Recorded;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.github.Delivery;
import dev.slipway.schemas.github.WebhookReceived;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;

/// The deliveries feature without Kafka and HTTP: its stage, its table and its queries, fed with
/// made-up webhooks numbered from 0. What measures it uses this and nothing else.
public final class DeliveryTrial {
  /// Whom all of it belongs to.
  public static final String TENANT = "default";

  private static final int REPOSITORIES = 1_000;
  private static final List<String> ACTIONS = List.of("opened", "edited", "closed", "synchronize");
  private static final TopicPartition PARTITION =
      new TopicPartition(Topics.GITHUB_DELIVERIES.name(), 0);
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  static {
    AvroRuntime.prepare();
  }

  private final Database database;
  private final StageTrial<?, ?, ?, ?> stage;
  private final ByteBuffer body;

  /// @param database schema `pr`, migrated, and empty
  /// @param bodyBytes size of a webhook's body
  public DeliveryTrial(Database database, int bodyBytes) {
    this.database = database;
    this.stage =
        StageTrial.begin(
            new DeliveryStage(new DeliveryCodec(DeliveryTrial::deserialize)), database, PARTITION);
    this.body = ByteBuffer.allocate(bodyBytes).asReadOnlyBuffer();
  }

  /// The name of the repository of a webhook.
  public static String repository(long number) {
    return "acme/site-" + number % REPOSITORIES;
  }

  /// The id of a webhook.
  public static UUID id(long number) {
    return Ids.delivery("trial-" + number, null);
  }

  /// Webhooks as records of the log, each at the offset that is its number.
  public List<ConsumerRecord<byte[], byte[]>> records(long from, int count) {
    return LongStream.range(from, from + count).mapToObj(this::record).toList();
  }

  /// Reads a batch as the stage does.
  ///
  /// @param records what [#records] made, without a gap, from 0 on
  /// @return its transaction, to be run once; answers how many were applied
  public LongSupplier read(List<ConsumerRecord<byte[], byte[]>> records) {
    return stage.read(records);
  }

  /// Writes rows as the stage does, in a transaction of their own, and nothing else.
  ///
  /// @return how many
  public Mono<Integer> insert(long from, int count) {
    Map<DeliveryId, DeliveryState> rows = new HashMap<>();
    LongStream.range(from, from + count)
        .mapToObj(DeliveryTrial::recorded)
        .forEach(row -> rows.put(row.webhook().id(), row));
    return database.asStage(
        client -> new DeliveryStore().write(client, rows).thenReturn(rows.size()));
  }

  /// Looks one delivery up as a request does.
  ///
  /// @return whether it is there
  public Mono<Boolean> find(UUID id) {
    return database
        .asApi(TENANT, client -> DeliveryQueries.find(client, new DeliveryId(id)))
        .hasElement();
  }

  private ConsumerRecord<byte[], byte[]> record(long number) {
    Webhook webhook = recorded(number).webhook();
    var value =
        new Delivery(
            new Context(TENANT, null, null, null, null, null, null, null),
            WebhookReceived.newBuilder()
                .setEvent(webhook.about().event())
                .setAction(webhook.about().action())
                .setGuid(webhook.id().value().toString())
                .setHookId(webhook.origin().hookId())
                .setRepositoryId(webhook.about().repository().id())
                .setRepositoryFullName(webhook.about().repository().fullName())
                .setNumber(webhook.about().number())
                .setSender(webhook.about().sender())
                .setReceivedAt(webhook.origin().receivedAt())
                .setContentType(webhook.body().contentType())
                .setBody(body)
                .build());
    var record =
        new ConsumerRecord<byte[], byte[]>(
            PARTITION.topic(), PARTITION.partition(), number, new byte[0], serialize(value));
    new CloudEvent(
            webhook.id().value(),
            DeliveryCodec.WEBHOOK_RECEIVED,
            "trial",
            webhook.origin().receivedAt(),
            null,
            null,
            null)
        .addTo(record.headers());
    return record;
  }

  private static Recorded recorded(long number) {
    var about =
        new Webhook.About(
            "pull_request",
            ACTIONS.get((int) (number / REPOSITORIES % ACTIONS.size())),
            new Webhook.Repository(number % REPOSITORIES, repository(number)),
            number,
            "octocat");
    return new Recorded(
        new Webhook(
            new DeliveryId(id(number)),
            TENANT,
            about,
            new Webhook.Origin(1L, null, FIRST.plusMillis(number)),
            new Webhook.Body("application/json", 0, "00".repeat(32)),
            new LogPosition(PARTITION.topic(), PARTITION.partition(), number)),
        FollowedEvents.judge(about));
  }

  private static byte[] serialize(Delivery delivery) {
    var bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    try {
      new SpecificDatumWriter<>(Delivery.class).write(delivery, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Delivery deserialize(String topic, byte[] bytes) {
    try {
      return new SpecificDatumReader<>(Delivery.class)
          .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
