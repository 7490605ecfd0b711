package dev.slipway.pr;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import dev.slipway.pipeline.avro.AvroDeserializer;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.rebuild.Rebuild;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pr.SandboxEvents.Sandbox;
import dev.slipway.pr.delivery.TestPayloads;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.pullrequest.PullRequestEvent;
import dev.slipway.schemas.sandbox.LinkPullRequest;
import dev.slipway.schemas.sandbox.SandboxCommand;
import dev.slipway.web.security.Scope;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.RequestHeadersSpec;

/// Which sandbox a pull request is of: the one that pushed its branch, else one for its repository,
/// else none.
class SandboxesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String SITE = "https://github.test/acme/site";

  private static TestPrService service;
  private static Webhooks webhooks;
  private static SandboxEvents sandboxes;

  @BeforeAll
  static void start() {
    service = TestPrService.start();
    webhooks = new Webhooks(service.clients());
    sandboxes = new SandboxEvents(service.clients());
  }

  @AfterAll
  static void stop() {
    sandboxes.close();
    webhooks.close();
    service.close();
  }

  @Test
  void thePullRequestIsToldToTheSandboxThatPushedItsBranchWhicheverComesFirst() {
    Sandbox before =
        sandboxes
            .sandbox("before", 1)
            .requested(null)
            .pushed("https://GitHub.test/Acme/site.git/", "topic", "aa");
    awaitSandboxes("before", 1);
    opened("before", 7, "{}");
    opened("after", 7, "{}");
    awaitPullRequests("after", 1);
    Sandbox after = sandboxes.sandbox("after", 1).requested(null).pushed(SITE, "topic", "aa");

    await().atMost(PATIENCE).until(() -> told("before"), Map.of(before.id(), 7L)::equals);
    await().atMost(PATIENCE).until(() -> told("after"), Map.of(after.id(), 7L)::equals);

    Sandbox _ = before.linked(42, 7);
    Sandbox _ = after.linked(42, 7).ended();
    awaitSandboxOf("after", 7, after.id().toString());
    assertThat(JsonPath.<String>read(pullRequest("after", 7), "$.context.execution_id"))
        .isEqualTo("run-1");
  }

  @Test
  void anEventOfAPullRequestIsAlsoOneOfItsSandbox() {
    Sandbox exact = sandboxes.sandbox("channels", 1).requested(null).linked(42, 7);
    Sandbox byAddress = sandboxes.sandbox("channels", 2).requested(SITE + "/");
    awaitSandboxes("channels", 2);

    opened("channels", 7, "{}");
    opened("channels", 8, "{}");
    check("channels");

    await().atMost(PATIENCE).until(() -> contexts("channels").size(), Integer.valueOf(4)::equals);
    assertThat(contexts("channels"))
        .extracting(Context::getSandboxId)
        .containsExactlyInAnyOrder(
            exact.id().toString(),
            byAddress.id().toString(),
            exact.id().toString(),
            byAddress.id().toString());
    assertThat(contexts("channels"))
        .extracting(
            Context::getUserId, Context::getExecutionId, Context::getSquadId, Context::getTenant)
        .contains(tuple("ada", "run-1", "squad-1", "channels"));
  }

  @Test
  void withoutANumberTheYoungestForTheRepositoryThatHasNotEndedIsFoundElseNone() {
    opened("fallback", 7, "{}");
    awaitPullRequests("fallback", 1);
    awaitSandboxOf("fallback", 7, null);
    Sandbox old = sandboxes.sandbox("fallback", 1).requested(SITE);
    Sandbox young = sandboxes.sandbox("fallback", 3).requested(SITE + ".git");
    Sandbox _ = sandboxes.sandbox("fallback", 4).requested("https://github.test/acme/shop");
    awaitSandboxes("fallback", 3);

    awaitSandboxOf("fallback", 7, young.id().toString());
    Sandbox _ = young.ended();
    awaitSandboxOf("fallback", 7, old.id().toString());
    Sandbox _ = old.ended();
    awaitSandboxOf("fallback", 7, null);
    Sandbox exact = sandboxes.sandbox("fallback", 0).requested(null).linked(42, 7).ended();
    awaitSandboxOf("fallback", 7, exact.id().toString());
  }

  @Test
  void neitherAnotherTenantsSandboxIsFoundNorOneByAForksBranchOfTheSameName() {
    Sandbox _ =
        sandboxes.sandbox("theirs", 1).requested(SITE).pushed(SITE, "topic", "aa").linked(42, 7);
    Sandbox ended =
        sandboxes.sandbox("forked", 1).requested(null).pushed(SITE, "topic", "aa").ended();
    awaitSandboxes("theirs", 1);
    awaitSandboxes("forked", 1);

    opened("ours", 7, "{}");
    opened("forked", 7, "{\"head\":{\"ref\":\"topic\",\"sha\":\"aa\",\"repo\":{\"id\":43}}}");
    awaitPullRequests("ours", 1);
    awaitPullRequests("forked", 1);
    opened("forked", 9, "{}"); // one that concerns it, behind the one that does not

    await().atMost(PATIENCE).until(() -> told("forked"), Map.of(ended.id(), 9L)::equals);
    awaitSandboxOf("forked", 7, null);
    Sandbox _ = ended.linked(42, 9);
    awaitSandboxOf("ours", 7, null);
    assertThat(told("ours")).isEmpty();
  }

  @Test
  void fiftyAtOnceAreToldOnceEachWithoutADeadlockOrANumberTwice() {
    List<CompletableFuture<?>> all =
        IntStream.rangeClosed(1, 50)
            .<CompletableFuture<?>>mapToObj(number ->
                CompletableFuture.runAsync(() -> {
                  String branch = "topic-" + number;
                  opened(
                      "crowd",
                      number,
                      "{\"head\":{\"ref\":\"%s\",\"sha\":\"aa\",\"repo\":{\"id\":42}}}"
                          .formatted(branch));
                  Sandbox _ =
                      sandboxes
                          .sandbox("crowd", number)
                          .requested(SITE)
                          .pushed(SITE, branch, "aa")
                          .linked(42, number);
                  check("crowd");
                }))
            .toList();
    all.forEach(CompletableFuture::join);

    await()
        .atMost(PATIENCE)
        .until(
            () ->
                number(
                    "select count(distinct pull_request_number) as n from sandbox"
                        + " where tenant = 'crowd'"),
            Long.valueOf(50)::equals);
    awaitPullRequests("crowd", 50);
    for (int number = 1; number <= 50; number++) {
      String sandbox = JsonPath.read(pullRequest("crowd", number), "$.sandbox_id");
      assertThat(
              number(
                  "select pull_request_number as n from sandbox where sandbox_id = '%s'"
                      .formatted(sandbox)))
          .isEqualTo(number);
    }
    assertThat(
            number(
                "select deadlocks as n from pg_stat_database where datname = current_database()"))
        .isZero();
    assertThat(number("select count(*) as n from inbox where status = 'dead'")).isZero();
  }

  @Test
  void aReplayOfBothTopicsFindsEverythingKnownAndRowsAreWhatTheirLogSays() {
    Sandbox sandbox =
        sandboxes.sandbox("replayed", 1).requested(SITE).pushed(SITE, "topic", "aa").ended();
    opened("replayed", 7, "{}");
    await().atMost(PATIENCE).until(() -> told("replayed").size(), Integer.valueOf(1)::equals);
    Sandbox _ = sandbox.linked(42, 7); // as the worker answers
    // nobody is left who would be told again
    awaitCount("sandbox where pull_request_number is null and state->'pushed' <> '{}'", 0);

    String replay =
        JsonPath.read(
            body(
                service
                    .as("default", Scope.ADMIN)
                    .post()
                    .uri("/api/v1/admin/replays")
                    .contentType(MediaType.APPLICATION_JSON)
                    .bodyValue("{\"stage\":\"pr-service.sandboxes\",\"force\":true}")),
            "$.items[0].replay_id");

    await().atMost(PATIENCE).until(() -> replayed(replay, "state"), "DONE"::equals);
    assertThat(JsonPath.<Integer>read(replay(replay), "$.changed")).isZero();
    StageRunner<?, ?, ?> stage = service.stage("pullRequestSandboxStage");
    Rebuild.Result rebuilt =
        new Rebuild(stage.database(), stage.clients(), stage.properties())
            .verify(stage.stage(), RebuildIT.UNDISTURBED);
    assertThat(rebuilt.comparison().isEqual()).isTrue();
    assertThat(rebuilt.comparison().tables()).allMatch(table -> table.rows() > 0);
  }

  private static String body(RequestHeadersSpec<?> request) {
    return Objects.requireNonNull(
        request.exchange().expectBody(String.class).returnResult().getResponseBody());
  }

  private static String replay(String id) {
    return body(service.as("default", Scope.ADMIN).get().uri("/api/v1/admin/replays/" + id));
  }

  private static String replayed(String id, String key) {
    return JsonPath.read(replay(id), "$." + key);
  }

  private static void opened(String tenant, int number, String changes) {
    send(tenant, TestPayloads.pullRequest("opened", number, 1, changes));
  }

  /// On the commit that is the head of all.
  private static void check(String tenant) {
    send(tenant, TestPayloads.checkRun(5, "aa", "completed", "\"success\""));
  }

  private static void send(String tenant, TestPayloads.Payload payload) {
    var _ =
        webhooks.send(
            Ids.fresh(),
            tenant,
            webhook ->
                webhook
                    .setEvent(payload.event())
                    .setAction(payload.action())
                    .setRepositoryId(42L)
                    .setNumber(payload.number())
                    .setBody(ByteBuffer.wrap(payload.json().toString().getBytes(UTF_8))));
  }

  private static void awaitPullRequests(String tenant, long count) {
    awaitCount("pull_request where state is not null and tenant = '" + tenant + "'", count);
  }

  private static void awaitSandboxes(String tenant, long count) {
    awaitCount("sandbox where tenant = '" + tenant + "'", count);
  }

  private static void awaitCount(String what, long count) {
    await()
        .atMost(PATIENCE)
        .until(() -> number("select count(*) as n from " + what), Long.valueOf(count)::equals);
  }

  private static long number(String sql) {
    return service
        .database()
        .inStage(
            transaction -> transaction.query(sql, row -> Columns.required(row, "n", Long.class)))
        .getFirst();
  }

  private static void awaitSandboxOf(String tenant, int number, @Nullable String sandbox) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(JsonPath.<String>read(pullRequest(tenant, number), "$.sandbox_id"))
                .isEqualTo(sandbox));
  }

  private static String pullRequest(String tenant, int number) {
    return body(
        service.as(tenant, Scope.TASKS).get().uri("/api/v1/pull-requests/acme/site/" + number));
  }

  /// Which pull requests sandboxes were told of. Until a sandbox's answer is read, each event of
  /// its pull request tells it again: one that it was told of when it pushed, too.
  private static Map<UUID, Long> told(String tenant) {
    var deserializer = new AvroDeserializer<SandboxCommand>();
    deserializer.configure(service.clients().serde(), false);
    String topic = service.clients().topicNames().of(Topics.SANDBOX_COMMANDS);
    return values(tenant, "sandbox.commands").stream()
        .map(value -> Objects.requireNonNull(deserializer.deserialize(topic, value)))
        .collect(
            Collectors.toMap(
                command -> UUID.fromString(command.getContext().getSandboxId()),
                command -> ((LinkPullRequest) command.getBody()).getNumber(),
                SandboxesIT::same));
  }

  private static Long same(Long before, Long again) {
    assertThat(again).isEqualTo(before);
    return again;
  }

  private static List<Context> contexts(String tenant) {
    var deserializer = new AvroDeserializer<PullRequestEvent>();
    deserializer.configure(service.clients().serde(), false);
    String topic = service.clients().topicNames().of(Topics.PULL_REQUEST_EVENTS);
    return values(tenant, "pull-request.events").stream()
        .map(value -> Objects.requireNonNull(deserializer.deserialize(topic, value)).getContext())
        .toList();
  }

  private static List<byte[]> values(String tenant, String topic) {
    return service
        .database()
        .inStage(transaction ->
            transaction.query(
                "select value from outbox where topic = '%s' and tenant = '%s' order by outbox_id"
                    .formatted(topic, tenant),
                row -> Columns.required(row, "value", byte[].class)));
  }
}
