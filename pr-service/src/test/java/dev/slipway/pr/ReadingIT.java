package dev.slipway.pr;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.avro.AvroDeserializer;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pr.github.LocalSite;
import dev.slipway.pr.github.TestSite;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.github.Delivery;
import dev.slipway.schemas.github.GitHubObserved;
import dev.slipway.web.security.Scope;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Deliveries of one second leave open what a pull request is now; GitHub knows.
class ReadingIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir static Path directory;

  // CONFINED: to the thread of the tests
  private static LocalSite github;
  private static TestPrService service;
  private static Webhooks webhooks;

  @BeforeAll
  static void start() {
    github = LocalSite.start(directory);
    service =
        TestPrService.start(
            "--slipway.github.api-url=" + github.server().api(),
            "--slipway.github.token=" + LocalSite.TOKEN.value(),
            "--slipway.reading.look=50ms");
    webhooks = new Webhooks(service.clients());
  }

  @AfterAll
  static void close() {
    webhooks.close();
    service.close();
    github.close();
  }

  /// A pull request of a new repository, as GitHub shows it.
  private static JsonNode opened(TestSite site) {
    site.branchWithCommit("topic");
    return site.send(
        "POST",
        "/repos/%s/pulls".formatted(site.path()),
        Map.of("title", "Try", "head", "topic", "base", "main"));
  }

  /// Tells in one second that it was closed and that it was opened again.
  private static void contradict(JsonNode pullRequest, String repository) {
    for (String state : List.of("closed", "open")) {
      ObjectNode changed = (ObjectNode) pullRequest.deepCopy();
      var _ = changed.put("state", state);
      send(changed, state.equals("open") ? "reopened" : "closed", repository);
    }
  }

  private static void send(JsonNode pullRequest, String action, String repository) {
    long id = pullRequest.at("/base/repo/id").asLong();
    ObjectNode body = JsonMapper.shared().createObjectNode().put("action", action);
    var _ = body.set("pull_request", pullRequest);
    var _ = body.set("repository", pullRequest.at("/base/repo"));
    var _ =
        webhooks.send(
            UUID.randomUUID(),
            "default",
            webhook ->
                webhook
                    .setAction(action)
                    .setRepositoryId(id)
                    .setRepositoryFullName(repository)
                    .setNumber(pullRequest.path("number").asLong())
                    .setBody(ByteBuffer.wrap(body.toString().getBytes(UTF_8))));
  }

  private static void awaitState(String repository, String state, boolean isAmbiguous) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            service
                .as("default", Scope.TASKS)
                .get()
                .uri("/api/v1/pull-requests/slipway/%s/1".formatted(repository))
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.state")
                .isEqualTo(state)
                .jsonPath("$.ambiguous")
                .isEqualTo(isAmbiguous));
  }

  private static List<GitHubObserved> observed(long repository) {
    var found = new ArrayList<GitHubObserved>();
    String topic = service.clients().topicNames().of(Topics.GITHUB_DELIVERIES);
    try (var deserializer = new AvroDeserializer<Delivery>();
        var consumer =
            new KafkaConsumer<>(
                service.clients().consumer("test-readings"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
      deserializer.configure(service.clients().serde(), false);
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          Delivery delivery =
              deserializer.deserialize(record.topic(), record.headers(), record.value());
          if (delivery.getBody() instanceof GitHubObserved seen
              && seen.getRepositoryId() == repository) {
            assertThat(CloudEvent.from(record.headers()).orElseThrow().type())
                .isEqualTo("github.observed");
            assertThat(record.key()).isEqualTo("" + repository);
            found.add(seen);
          }
        }
      }
    }
    return found;
  }

  /// Whether a reading has ended, and the next one has its time.
  private static boolean waits(String pullRequest) {
    List<Boolean> rows =
        service
            .database()
            .inStage(transaction ->
                transaction.query(
                    """
                    select due_at > clock_timestamp() as waits from pull_request_reading
                    where pull_request = ? and due_at is not null
                    """,
                    row -> Columns.required(row, "waits", Boolean.class),
                    pullRequest));
    return rows.equals(List.of(true));
  }

  @Test
  void whatDeliveriesLeaveOpenIsReadOnceAndAppliedFromTheLog() {
    TestSite site = github.with("open");
    JsonNode pullRequest = opened(site);
    long repository = pullRequest.at("/base/repo/id").asLong();

    contradict(pullRequest, "slipway/open");

    awaitState("open", "OPEN", false);
    List<GitHubObserved> answers = observed(repository);
    assertThat(answers).hasSize(1);
    GitHubObserved answer = answers.getFirst();
    assertThat(answer.getNumber()).isEqualTo(1L);
    assertThat(answer.getResource()).isEqualTo("/repositories/%d/pulls/1".formatted(repository));
    assertThat(answer.getObservedAt())
        .isAfterOrEqualTo(Instant.parse(pullRequest.path("updated_at").asString()).plusSeconds(2));
    JsonNode body = JsonMapper.shared().readTree(answer.getBody().array());
    assertThat(body.path("title").asString()).isEqualTo("Try");
  }

  @Test
  void whatIsClosedMeanwhileIsClosed() {
    TestSite site = github.with("closed");
    JsonNode pullRequest = opened(site);
    JsonNode closed =
        site.send("PATCH", "/repos/%s/pulls/1".formatted(site.path()), Map.of("state", "closed"));
    assertThat(closed.path("state").asString()).isEqualTo("closed");

    contradict(pullRequest, "slipway/closed");

    awaitState("closed", "CLOSED", false);
  }

  @Test
  void whatCannotBeReadStaysOpenAndIsAskedForAgainLater() {
    TestSite site = github.with("gone");
    JsonNode pullRequest = opened(site);
    JsonNode _ = site.send("DELETE", "/repos/" + site.path(), null);

    contradict(pullRequest, "slipway/gone");

    awaitState("gone", "CLOSED", true);
    String key = pullRequest.at("/base/repo/id").asLong() + "#1";
    await().atMost(PATIENCE).until(() -> waits(key));
    assertThat(observed(pullRequest.at("/base/repo/id").asLong())).isEmpty();
  }
}
