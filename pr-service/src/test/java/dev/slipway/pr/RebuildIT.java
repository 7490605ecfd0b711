package dev.slipway.pr;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.RowDifference;
import dev.slipway.pipeline.database.TableComparison;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.rebuild.Rebuild;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pr.delivery.TestPayloads;
import dev.slipway.pr.delivery.TestPayloads.Payload;
import dev.slipway.schemas.github.WebhookReceived;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Rows of deliveries and pull requests against a fold of `github.deliveries` from its beginning.
@Tag("slow")
class RebuildIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int SENT = 240;
  static final Rebuild.Steps UNDISTURBED =
      new Rebuild.Steps() {
        @Override
        public void at(int percent, long records) {}

        @Override
        public void await(RetryableException failure) {
          throw failure;
        }
      };

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

    Rebuild.Result rebuild = verify();

    enough.set(true);
    traffic.join();
    assertThat(rebuild.records()).isGreaterThan(SENT);
    assertThat(rebuild.comparison().tables())
        .hasSize(7)
        .allMatch(table -> table.rows() > 0)
        .allMatch(TableComparison::isEqual)
        .allMatch(table -> table.leftOut().isEmpty());
    assertThat(rebuild.comparison().differences()).isEmpty();
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

    Rebuild.Result rebuild = verify();

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
    assertThat(rebuild.comparison().tables())
        .filteredOn(table -> wrong(table) > 0)
        .extracting(TableComparison::table, RebuildIT::wrong)
        .containsExactly(tuple("delivery", 2L), tuple("pull_request", 1L));
    assertThat(rebuild.comparison().differences())
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
        select '%1$s', stage_id, 'FORCE_APPLY', 'DONE', 'alice' from stage
        where name = 'pr-service.deliveries';
        insert into replay_position (
          replay_id, topic, partition, topic_id, from_offset, to_offset, next_offset, seen, applied, changed)
        values ('%1$s', 't', 0, 'id', 0, 1, 1, 1, 1, 1);
        update pull_request set version = version + 1 where number = 3;
        update pull_request_event set version = version + 100 where number = 3;
        update delivery set pull_request = 100 where delivery_id = '%2$s';
        update pull_request set author = 'mallory' where tenant = 'acme' and number = 2;
        """
            .formatted(id(200_000), id(0)));

    Rebuild.Result rebuild = verify();

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
    assertThat(rebuild.comparison().differences())
        .extracting(RebuildIT::summary)
        .containsExactly(
            "pull_request tenant=acme repository_id=42 number=2 author mallory octocat");
    assertThat(rebuild.comparison().tables())
        .filteredOn(table -> table.leftOut().contains("version"))
        .extracting(TableComparison::table)
        .containsExactly("pull_request", "pull_request_event");
  }

  private static Rebuild.Result verify() {
    StageRunner<?, ?, ?> stage = service.stage();
    return new Rebuild(stage.database(), stage.clients(), stage.properties())
        .verify(stage.stage(), UNDISTURBED);
  }

  private static long wrong(TableComparison table) {
    return table.missing() + table.unexpected() + table.different();
  }

  private static String summary(RowDifference difference) {
    String row = difference.table() + " " + difference.key();
    return difference.column() == null
        ? row + (difference.live() == null ? " missing" : " unexpected")
        : "%s %s %s %s"
            .formatted(row, difference.column(), difference.live(), difference.rebuilt());
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
    return service
        .database()
        .inStage(
            transaction -> transaction.query(sql, row -> Columns.required(row, "n", Long.class)))
        .getFirst();
  }
}
