package dev.slipway.pr;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pr.delivery.TestPayloads;
import dev.slipway.pr.delivery.TestPayloads.Payload;
import dev.slipway.schemas.github.WebhookReceived;
import dev.slipway.web.security.Scope;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Rows of deliveries and pull requests against a fold of `github.deliveries` from its beginning.
@Tag("slow")
class RebuildIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String REBUILDS = "/api/v1/admin/rebuilds";
  private static final String VERIFY = "{\"stage\":\"pr-service\",\"verify\":true}";
  private static final int SENT = 240;

  private static TestPrService service;
  private static Webhooks webhooks;

  @BeforeAll
  static void start() {
    service = TestPrService.start();
    webhooks = new Webhooks(service.clients());
    for (int number = 0; number < SENT; number++) {
      send(number);
    }
    await().atMost(PATIENCE).until(() -> count("delivery"), Long.valueOf(SENT)::equals);
  }

  @AfterAll
  static void stop() {
    webhooks.close();
    service.close();
  }

  @Test
  void theRowsAreWhatTheLogSaysWhileDeliveriesKeepComing() {
    var enough = new AtomicBoolean();
    var traffic =
        CompletableFuture.runAsync(() -> {
          for (int number = SENT; !enough.get(); number++) {
            send(number);
          }
        });

    JsonNode rebuild = verify();

    enough.set(true);
    traffic.join();
    assertThat(rebuild.path("state").asString()).as("%s", rebuild).isEqualTo("DONE");
    assertThat(rebuild.path("progress_percent").asInt()).isEqualTo(100);
    assertThat(rebuild.path("records").asLong()).isGreaterThan(SENT);
    assertThat(rebuild.path("tables"))
        .as("%s", rebuild)
        .hasSize(7)
        .allMatch(table -> table.path("rows").asLong() > 0)
        .allMatch(table -> wrong(table) == 0)
        .allMatch(table -> table.path("left_out").isEmpty());
    assertThat(rebuild.path("differences")).isEmpty();
  }

  @Test
  void whatWasTamperedWithIsFoundAndNothingElse() {
    long version = version("acme", 1);
    service.executeAsOwner(
        """
        update pull_request set head_sha = 'mallory', version = version + 1
        where tenant = 'acme' and number = 1;
        create table kept as select * from delivery where tenant = 'globex' and delivery_id = '%1$s';
        delete from delivery where tenant = 'globex' and delivery_id = '%1$s';
        insert into delivery (
          delivery_id, tenant, event, received_at, content_type, body_bytes, body_sha256, topic, partition,
          record_offset, outcome)
        values ('%2$s', 'acme', 'push', now(), 'application/json', 2, sha256('{}'), 't', 0, 0, 'APPLIED');
        """
            .formatted(id(3), id(100_000)));

    JsonNode rebuild = verify();

    service.executeAsOwner(
        """
        update pull_request set head_sha = 'aa', version = version - 1
        where tenant = 'acme' and number = 1;
        update delivery d set delivery_id = k.delivery_id, tenant = k.tenant, event = k.event, action = k.action,
          repository_id = k.repository_id, repository_full_name = k.repository_full_name, number = k.number,
          sender = k.sender, hook_id = k.hook_id, installation_id = k.installation_id,
          received_at = k.received_at, content_type = k.content_type, body_bytes = k.body_bytes,
          body_sha256 = k.body_sha256, topic = k.topic, partition = k.partition,
          record_offset = k.record_offset, outcome = k.outcome, reason = k.reason,
          pull_request = k.pull_request, event_ids = k.event_ids
        from kept k where d.delivery_id = '%s';
        drop table kept;
        """
            .formatted(id(100_000)));
    assertThat(rebuild.path("tables"))
        .filteredOn(table -> wrong(table) > 0)
        .extracting(table -> table.path("table").asString(), RebuildIT::wrong)
        .containsExactly(tuple("delivery", 2L), tuple("pull_request", 1L));
    assertThat(rebuild.path("differences"))
        .extracting(RebuildIT::summary)
        .containsExactly(
            "delivery delivery_id=" + id(3) + " tenant=globex missing",
            "delivery delivery_id=" + id(100_000) + " tenant=acme unexpected",
            "pull_request tenant=acme repository_id=42 number=1 head_sha mallory aa",
            "pull_request tenant=acme repository_id=42 number=1 version %d %d"
                .formatted(version + 1, version));
  }

  @Test
  void whatTellsTheOrderIsNotComparedOnceAReplayHasAppliedRecordsLate() {
    service.executeAsOwner(
        """
        insert into replay (replay_id, stage_id, mode, state, requested_by)
        select '%1$s', stage_id, 'FORCE_APPLY', 'DONE', 'alice' from stage;
        insert into replay_position (
          replay_id, topic, partition, topic_id, from_offset, to_offset, next_offset, seen, applied, changed)
        values ('%1$s', 't', 0, 'id', 0, 1, 1, 1, 1, 1);
        update pull_request set version = version + 1 where number = 3;
        update pull_request_event set version = version + 100 where number = 3;
        update delivery set pull_request = 100 where delivery_id = '%2$s';
        update pull_request set author = 'mallory' where tenant = 'acme' and number = 2;
        """
            .formatted(id(200_000), id(0)));

    JsonNode rebuild = verify();

    service.executeAsOwner(
        """
        delete from replay_position where replay_id = '%1$s';
        delete from replay where replay_id = '%1$s';
        update pull_request set version = version - 1 where number = 3;
        update pull_request_event set version = version - 100 where number = 3;
        update delivery set pull_request = null where delivery_id = '%2$s';
        update pull_request set author = 'octocat' where tenant = 'acme' and number = 2;
        """
            .formatted(id(200_000), id(0)));
    assertThat(rebuild.path("differences"))
        .extracting(RebuildIT::summary)
        .containsExactly(
            "pull_request tenant=acme repository_id=42 number=2 author mallory octocat");
    assertThat(rebuild.path("tables"))
        .filteredOn(table -> table.path("left_out").toString().contains("\"version\""))
        .extracting(table -> table.path("table").asString())
        .containsExactly("pull_request", "pull_request_event");
  }

  @Test
  void onlyAnAdminMayAskAndOnlyToVerify() {
    assertThat(post(VERIFY, Scope.TASKS, Scope.EVENTS).returnResult(Void.class).getStatus())
        .isEqualTo(HttpStatus.FORBIDDEN);
    JsonNode asked = json(post(VERIFY, Scope.ADMIN), HttpStatus.ACCEPTED);
    String path = REBUILDS + "/" + asked.path("items").get(0).path("rebuild_id").asString();
    assertThat(asked.path("items").get(0).path("requested_by").asString()).isEqualTo("alice");
    assertThat(get(path, Scope.TASKS).returnResult(Void.class).getStatus())
        .isEqualTo(HttpStatus.FORBIDDEN);
    for (String refused :
        List.of(
            "{\"stage\":\"pr-service\"}",
            "{\"stage\":\"pr-service\",\"verify\":false}",
            "{\"stage\":\"no-such\",\"verify\":true}",
            "{\"stage\":\"pr-service\",\"verify\":true,\"swap\":true}")) {
      assertThat(
              json(post(refused, Scope.ADMIN), HttpStatus.UNPROCESSABLE_CONTENT)
                  .path("code")
                  .asString())
          .as(refused)
          .isEqualTo("invalid");
    }
    String unknown = REBUILDS + "/" + id(1);
    assertThat(json(get(unknown, Scope.ADMIN), HttpStatus.NOT_FOUND).path("code").asString())
        .isEqualTo("not_found");
  }

  private static JsonNode verify() {
    JsonNode asked = json(post(VERIFY, Scope.ADMIN), HttpStatus.ACCEPTED);
    assertThat(asked.path("items")).hasSize(1);
    String path = REBUILDS + "/" + asked.path("items").get(0).path("rebuild_id").asString();
    return await()
        .atMost(PATIENCE)
        .until(
            () -> json(get(path, Scope.ADMIN), HttpStatus.OK),
            rebuild -> !rebuild.path("state").asString().equals("RUNNING"));
  }

  private static ResponseSpec get(String path, Scope scope) {
    return service.as("default", scope).get().uri(path).exchange();
  }

  private static ResponseSpec post(String body, Scope... scopes) {
    return service
        .as("default", scopes)
        .post()
        .uri(REBUILDS)
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(body)
        .exchange();
  }

  private static JsonNode json(ResponseSpec answer, HttpStatus status) {
    String body =
        answer
            .expectStatus()
            .isEqualTo(status)
            .expectBody(String.class)
            .returnResult()
            .getResponseBody();
    return JsonMapper.shared().readTree(String.valueOf(body));
  }

  private static long wrong(JsonNode table) {
    return table.path("missing").asLong()
        + table.path("unexpected").asLong()
        + table.path("different").asLong();
  }

  private static String summary(JsonNode difference) {
    String row = difference.path("table").asString() + " " + difference.path("key").asString();
    if (difference.path("column").isNull()) {
      return row + (difference.path("live").isNull() ? " missing" : " unexpected");
    }
    return "%s %s %s %s"
        .formatted(
            row,
            difference.path("column").asString(),
            difference.path("live").asString(""),
            difference.path("rebuilt").asString(""));
  }

  /// One of a life that repeats itself, each time of another pull request and of both tenants, who
  /// share GUIDs. One tenant's records begin with those of a build that did not name tenants in
  /// ids.
  private static void send(int number) {
    int about = 1 + number / 16;
    Payload payload =
        switch (number / 2 % 8) {
          case 0 -> TestPayloads.status(about, "aa", "pending");
          case 1 -> TestPayloads.review(about, about, "approved", 0);
          case 2 -> TestPayloads.pullRequest("opened", about, 1, "{}");
          case 3 -> TestPayloads.checkRun(about, "aa", "completed", "\"success\"");
          case 4 -> TestPayloads.comment(about, about, 2, "created");
          case 5 -> TestPayloads.workflowRun(about, "aa", 1);
          case 6 -> TestPayloads.pullRequest("closed", about, 3, "{\"state\":\"closed\"}");
          default -> TestPayloads.renamed("acme/shop" + about, "site", about);
        };
    Consumer<WebhookReceived.Builder> with =
        webhook ->
            webhook
                .setEvent(payload.event())
                .setAction(payload.action().isEmpty() ? null : payload.action())
                .setRepositoryId(42L)
                .setNumber(payload.number())
                .setBody(ByteBuffer.wrap(payload.json().toString().getBytes(UTF_8)));
    if (number % 2 == 0) {
      var _ =
          number < SENT / 3
              ? webhooks.sendAsBefore(id(number), "acme", with)
              : webhooks.send(id(number), "acme", with);
    } else {
      var _ = webhooks.send(id(number), "globex", with);
    }
  }

  /// Two in a row have one.
  private static UUID id(int number) {
    return new UUID(7, number / 2);
  }

  private static long count(String table) {
    return number("select count(*) as n from " + table);
  }

  private static long version(String tenant, int number) {
    return number(
        "select version as n from pull_request where tenant = '%s' and number = %d"
            .formatted(tenant, number));
  }

  private static long number(String sql) {
    Long found =
        service
            .database()
            .asStage(
                client -> client.sql(sql).map(row -> Columns.required(row, "n", Long.class)).one())
            .block(PATIENCE);
    return found == null ? 0 : found;
  }
}
