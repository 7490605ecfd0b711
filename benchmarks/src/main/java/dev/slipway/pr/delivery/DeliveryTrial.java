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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import reactor.core.publisher.Mono;

/// The deliveries feature without Kafka and HTTP: its stage, its tables and its queries, fed with
/// made-up webhooks numbered from 0, sixteen in a row about one pull request, from opened to
/// merged. What measures it uses this and nothing else.
public final class DeliveryTrial {
  /// Whom all of it belongs to.
  public static final String TENANT = "default";

  private static final String JSON = "application/json";
  private static final TopicPartition PARTITION =
      new TopicPartition(Topics.GITHUB_DELIVERIES.name(), 0);
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  static {
    AvroRuntime.prepare();
  }

  private final Database database;
  private final StageTrial<?, ?, ?> stage;
  private final String filler;

  /// @param database schema `pr`, migrated, and empty
  /// @param bodyBytes size of a webhook's body
  public DeliveryTrial(Database database, int bodyBytes) {
    this.database = database;
    this.stage =
        StageTrial.begin(
            DeliveryStage.of(
                (_, bytes) -> deserialize(bytes),
                (_, event) -> bytes(event::toByteBuffer),
                Topics.PULL_REQUEST_EVENTS.name()),
            database,
            PARTITION);
    this.filler = filler(bodyBytes);
  }

  /// What makes a webhook's body as large as that, more or less.
  public static String filler(int bodyBytes) {
    return "x".repeat(Math.max(0, bodyBytes - 700));
  }

  /// The name of the repository of a webhook.
  public static String repository(long number) {
    return TrialPayloads.of(number).repository();
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
  public int insert(long from, int count) {
    List<Recorded> rows =
        LongStream.range(from, from + count).mapToObj(DeliveryTrial::recorded).toList();
    return database.inStage(transaction -> {
      transaction.fly(flight -> DeliveryStore.DELIVERIES.put(flight, rows));
      return rows.size();
    });
  }

  /// Looks one delivery up as a request does.
  ///
  /// @return whether it is there
  public Mono<Boolean> find(UUID id) {
    return database
        .asApi(TENANT, client -> DeliveryQueries.find(client, new DeliveryId(id)))
        .hasElement();
  }

  /// A webhook as the ingress puts it into the log.
  ///
  /// @param key of the record
  public record Message(String key, CloudEvent envelope, Delivery value) {}

  /// The webhook of that number.
  public static Message message(long number, String filler) {
    TrialPayloads payload = TrialPayloads.of(number);
    Webhook.About about = payload.about();
    Instant receivedAt = FIRST.plusMillis(number);
    UUID id = id(number);
    return new Message(
        about.repository().idOrZero() + "",
        new CloudEvent(id, DeliveryCodec.WEBHOOK_RECEIVED, "trial", receivedAt, null, null, null),
        new Delivery(
            new Context(TENANT, null, null, null, null, null, null, null),
            WebhookReceived.newBuilder()
                .setEvent(about.event())
                .setAction(about.action())
                .setGuid(id.toString())
                .setHookId(1L)
                .setRepositoryId(about.repository().id())
                .setRepositoryFullName(about.repository().fullName())
                .setNumber(about.number())
                .setSender(about.sender())
                .setReceivedAt(receivedAt)
                .setContentType(JSON)
                .setBody(ByteBuffer.wrap(payload.body(filler).getBytes(StandardCharsets.UTF_8)))
                .build()));
  }

  private ConsumerRecord<byte[], byte[]> record(long number) {
    Message message = message(number, filler);
    var record =
        new ConsumerRecord<byte[], byte[]>(
            PARTITION.topic(),
            PARTITION.partition(),
            number,
            new byte[0],
            bytes(message.value()::toByteBuffer));
    message.envelope().addTo(record.headers());
    return record;
  }

  private static Recorded recorded(long number) {
    TrialPayloads payload = TrialPayloads.of(number);
    return new Recorded(
        new Webhook(
            new DeliveryId(id(number)),
            TENANT,
            payload.about(),
            new Webhook.Origin(1L, null, FIRST.plusMillis(number)),
            new Webhook.Body(JSON, 0, "00".repeat(32)),
            new LogPosition(PARTITION.topic(), PARTITION.partition(), number)),
        Verdict.APPLIED,
        payload.pullRequest(),
        List.of());
  }

  /// Avro without a registry.
  private static Delivery deserialize(byte[] bytes) {
    try {
      return Delivery.fromByteBuffer(ByteBuffer.wrap(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(Encoding record) {
    try {
      return record.encode().array();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @FunctionalInterface
  private interface Encoding {
    ByteBuffer encode() throws IOException;
  }
}
