package dev.slipway.pr.delivery;

import dev.slipway.pipeline.avro.AvroRuntime;
import dev.slipway.pipeline.core.LogPosition;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.publish.Wakeup;
import dev.slipway.pipeline.stage.StageTrial;
import dev.slipway.pr.delivery.DeliveryState.Recorded;
import dev.slipway.pr.pullrequest.PullRequestCodec;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.github.Delivery;
import dev.slipway.schemas.github.WebhookReceived;
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
/// made-up webhooks numbered from 0, four in a row about one pull request: opened, edited, pushed
/// to, merged. What measures it uses this and nothing else.
public final class DeliveryTrial {
  /// Whom all of it belongs to.
  public static final String TENANT = "default";

  private static final int REPOSITORIES = 1_000;
  private static final List<String> ACTIONS = List.of("opened", "edited", "synchronize", "closed");
  private static final TopicPartition PARTITION =
      new TopicPartition(Topics.GITHUB_DELIVERIES.name(), 0);
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  static {
    AvroRuntime.prepare();
  }

  private final Database database;
  private final StageTrial<?, ?, ?, ?> stage;
  private final String filler;

  /// @param database schema `pr`, migrated, and empty
  /// @param bodyBytes size of a webhook's body
  public DeliveryTrial(Database database, int bodyBytes) {
    this.database = database;
    this.stage =
        StageTrial.begin(
            new DeliveryStage(
                new DeliveryCodec(TrialCodec::deserialize),
                new PullRequestCodec(
                    (_, event) -> TrialCodec.serialize(event), Topics.PULL_REQUEST_EVENTS.name()),
                new Wakeup()),
            database,
            PARTITION);
    this.filler = "x".repeat(Math.max(0, bodyBytes - 1_000));
  }

  /// The name of the repository of a webhook.
  public static String repository(long number) {
    return "acme/site-" + pullRequest(number) % REPOSITORIES;
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
    List<Recorded> rows =
        LongStream.range(from, from + count).mapToObj(DeliveryTrial::recorded).toList();
    return database.asStage(client -> DeliveryStore.write(client, rows).thenReturn(rows.size()));
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
                .setBody(ByteBuffer.wrap(body(number)))
                .build());
    var record =
        new ConsumerRecord<byte[], byte[]>(
            PARTITION.topic(),
            PARTITION.partition(),
            number,
            new byte[0],
            TrialCodec.serialize(value));
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

  private static long pullRequest(long number) {
    return number / ACTIONS.size();
  }

  private static int step(long number) {
    return (int) (number % ACTIONS.size());
  }

  /// As GitHub would send it, with a description that fills it up.
  private byte[] body(long number) {
    int step = step(number);
    boolean merged = step == 3;
    String at = "\"2026-01-01T00:00:0" + step + "Z\"";
    String json =
        """
        {"action":"%s","number":%d,"pull_request":{"id":%2$d,"node_id":"PR_%2$d","number":%2$d,
        "html_url":"https://github.test/%3$s/pull/%2$d","state":"%4$s","title":"Change %5$d",
        "user":{"id":5,"login":"octocat"},"draft":false,"labels":[{"name":"bug"}],
        "head":{"ref":"topic","sha":"%6$040x","repo":{"id":%7$d}},"base":{"ref":"main","sha":"%7$040x"},
        "created_at":"2026-01-01T00:00:00Z","updated_at":%8$s,"closed_at":%9$s,"merged_at":%9$s,
        "merged_by":null,"merge_commit_sha":"%6$040x","body":"%10$s"},
        "repository":{"id":%7$d,"full_name":"%3$s","html_url":"https://github.test/%3$s",
        "updated_at":"2026-01-01T00:00:00Z"},"sender":{"id":5,"login":"octocat"}}
        """
            .formatted(
                ACTIONS.get(step),
                pullRequest(number),
                repository(number),
                merged ? "closed" : "open",
                Math.min(step, 1),
                pullRequest(number) * 2 + step / 2,
                pullRequest(number) % REPOSITORIES,
                at,
                merged ? at : "null",
                filler);
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private static Recorded recorded(long number) {
    var about =
        new Webhook.About(
            "pull_request",
            ACTIONS.get(step(number)),
            new Webhook.Repository(pullRequest(number) % REPOSITORIES, repository(number)),
            pullRequest(number),
            "octocat");
    return new Recorded(
        new Webhook(
            new DeliveryId(id(number)),
            TENANT,
            about,
            new Webhook.Origin(1L, null, FIRST.plusMillis(number)),
            new Webhook.Body("application/json", 0, "00".repeat(32)),
            new LogPosition(PARTITION.topic(), PARTITION.partition(), number)),
        Verdict.APPLIED,
        pullRequest(number),
        List.of());
  }
}
