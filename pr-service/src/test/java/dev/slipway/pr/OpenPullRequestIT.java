package dev.slipway.pr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pr.github.LocalSite;
import dev.slipway.pr.github.TestSite;
import dev.slipway.web.security.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Pull requests that are asked for over HTTP, as they come to be on a GitHub of this machine.
class OpenPullRequestIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PATH = "/api/v1/github/pull-requests";

  // CONFINED: to the thread of the tests, as all that follow
  private static LocalSite local;
  private static TestSite site;
  private static TestPrService service;

  @BeforeAll
  static void start(@TempDir Path directory) throws IOException {
    local = LocalSite.start(directory);
    site = local.with("requests");
    Path tenants = directory.resolve("tenants.json");
    Files.writeString(tenants, "{\"acme\": {\"owners\": [\"acme-inc\"], \"installations\": []}}");
    service =
        TestPrService.start(
            "--slipway.github.api-url=" + site.api(),
            "--slipway.github.token=" + site.token().value(),
            "--slipway.github.budget.spacing=0s",
            "--slipway.tenants.file=" + tenants);
  }

  @AfterAll
  static void stop() {
    service.close();
    local.close();
  }

  private static WebTestClient client() {
    return service.as("default", Scope.TASKS);
  }

  private static String repository() {
    return "http://%s/slipway/requests".formatted(site.api().getAuthority());
  }

  private static JsonNode ask(Map<String, Object> body) {
    return ask(client(), body);
  }

  private static JsonNode ask(WebTestClient client, Map<String, Object> body) {
    return JsonMapper.shared()
        .readTree(
            String.valueOf(
                client
                    .post()
                    .uri(PATH)
                    .header("Prefer", "wait=30")
                    .bodyValue(body)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectBody(String.class)
                    .returnResult()
                    .getResponseBody()));
  }

  private static Map<String, Object> of(String head) {
    return new HashMap<>(Map.of("repository_url", repository(), "head", head));
  }

  @Test
  void aPullRequestIsOpenedAndKnownBeforeAnyWebhook() {
    site.branchWithCommit("first");

    JsonNode operation = ask(of("first"));

    assertThat(operation.path("state").asString()).isEqualTo("SUCCEEDED");
    assertThat(operation.path("kind").asString()).isEqualTo("open_pull_request");
    assertThat(operation.at("/context/tenant").asString()).isEqualTo("default");
    long number = operation.at("/result/number").asLong();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            client()
                .get()
                .uri("/api/v1/pull-requests/slipway/requests/" + number)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.state")
                .isEqualTo("OPEN")
                .jsonPath("$.head.ref")
                .isEqualTo("first")
                .jsonPath("$.url")
                .isEqualTo(operation.at("/result/url").asString()));
  }

  @Test
  void whoAsksForManyIsToldHowManyThereMayBe() {
    site.branchWithCommit("counted");
    JsonNode _ = ask(of("counted"));

    client()
        .get()
        .uri("/api/v1/github/budget")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.git_url")
        .isEqualTo("http://" + site.api().getAuthority())
        .jsonPath("$.per_minute")
        .isEqualTo(80)
        .jsonPath("$.per_hour")
        .isEqualTo(500)
        .jsonPath("$.used_hour")
        .value(Integer.class, used -> assertThat(used).isPositive());
    service
        .as("acme", Scope.TASKS)
        .get()
        .uri("/api/v1/github/budget")
        .exchange()
        .expectBody()
        .jsonPath("$.used_hour")
        .isEmpty();
  }

  /// By two names of one repository, so that two workers create at once.
  @Test
  void manyThatAskAtOnceGetTheSameOne() throws InterruptedException {
    site.branchWithCommit("wanted");
    Map<String, Object> otherwise = of("wanted");
    otherwise.put("repository_url", repository().replace("/slipway/", "/Slipway/"));
    List<Callable<JsonNode>> asking =
        List.of(
            () -> ask(of("wanted")),
            () -> ask(otherwise),
            () -> ask(of("wanted")),
            () -> ask(otherwise));

    List<JsonNode> operations;
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      operations = clients.invokeAll(asking).stream().map(Future::resultNow).toList();
    }

    assertThat(operations)
        .allMatch(one -> one.path("state").asString().equals("SUCCEEDED"))
        .extracting(one -> one.at("/result/number").asLong())
        .containsOnly(operations.getFirst().at("/result/number").asLong());
    assertThat(
            site.send("GET", "/repos/slipway/requests/pulls?head=slipway:wanted&state=all", null))
        .hasSize(1);
  }

  @Test
  void aLostAnswerLeavesOnePullRequest() {
    site.branchWithCommit("lost");
    local.misbehave("POST /repos/*/*/pulls", "drop_answer", 0);

    JsonNode operation = ask(of("lost"));

    assertThat(operation.path("state").asString()).isEqualTo("SUCCEEDED");
    assertThat(site.send("GET", "/repos/slipway/requests/pulls?head=slipway:lost&state=all", null))
        .hasSize(1);
  }

  @Test
  void aLimitIsWaitedFor() {
    site.branchWithCommit("limited");
    local.misbehave("POST /repos/*/*/pulls", "limit", 0);

    assertThat(ask(of("limited")).path("state").asString()).isEqualTo("SUCCEEDED");
    List<String> limited =
        service
            .database()
            .inStage(transaction ->
                transaction.query(
                    "select caller from github_budget where limited_until > '-infinity'",
                    row -> Columns.required(row, "caller", String.class)));
    assertThat(limited).hasSize(1);
  }

  @Test
  void theSameKeyIsTheSameOperation() {
    site.branchWithCommit("keyed");
    String key = UUID.randomUUID().toString();

    List<String> locations =
        IntStream.range(0, 2)
            .mapToObj(_ ->
                String.valueOf(
                    client()
                        .post()
                        .uri(PATH)
                        .header("Idempotency-Key", key)
                        .bodyValue(of("keyed"))
                        .exchange()
                        .expectStatus()
                        .isAccepted()
                        .expectBody()
                        .returnResult()
                        .getResponseHeaders()
                        .getLocation()))
            .toList();

    assertThat(locations.getFirst())
        .startsWith("/api/v1/github/operations/")
        .isEqualTo(locations.getLast());
  }

  @Test
  void whatCannotBeIsAFailureWithACodeAndARemedy() {
    JsonNode operation = ask(of("never-pushed"));

    assertThat(operation.path("state").asString()).isEqualTo("FAILED");
    assertThat(operation.at("/failure/code").asString()).isEqualTo("validation_failed");
    assertThat(operation.at("/failure/message").asString()).contains("push it first");
  }

  @Test
  void whatGitHubForbidsIsAFailureThatSaysSo() {
    site.branchWithCommit("forbidden");
    local.misbehave("POST /repos/*/*/pulls", "refuse", 403);

    JsonNode operation = ask(of("forbidden"));

    assertThat(operation.path("state").asString()).isEqualTo("FAILED");
    assertThat(operation.at("/failure/code").asString()).isEqualTo("forbidden");
    assertThat(operation.at("/failure/message").asString()).contains("/pulls", "403");
    assertThat(operation.at("/failure/retryable").asBoolean()).isFalse();
  }

  @Test
  void operationsAreTheirTenantsOwnAndOneThatHasEndedCannotBeCancelled() {
    site.branchWithCommit("ended");
    String path = "/api/v1/github/operations/" + ask(of("ended")).path("operation_id").asString();

    client()
        .get()
        .uri(path)
        .exchange()
        .expectStatus()
        .isOk()
        .expectHeader()
        .exists("Slipway-Cursor");
    client()
        .post()
        .uri(path + "/cancel")
        .exchange()
        .expectStatus()
        .isEqualTo(409)
        .expectBody()
        .jsonPath("$.code")
        .isEqualTo("illegal_state");
    service.as("acme", Scope.TASKS).get().uri(path).exchange().expectStatus().isNotFound();
    service.as("default", Scope.SANDBOXES).get().uri(path).exchange().expectStatus().isForbidden();
  }

  @ParameterizedTest
  @CsvSource({
    "repository_url, ''",
    "repository_url, ssh://git@h/o/r",
    "repository_url, https://elsewhere.example/o/r",
    "repository_url, https://user:x@h/o/r",
    "head, a..b",
    "head, other:branch",
    "base, -x",
    "title, ' '",
  })
  void whatCanBeRefusedAtOnceIs(String field, String value) {
    Map<String, Object> body = of("main");
    body.put(field, value);

    client()
        .post()
        .uri(PATH)
        .bodyValue(body)
        .exchange()
        .expectStatus()
        .isEqualTo(422)
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo(field);
  }

  @Test
  void aRepositoryOfAnotherTenantsOwnerIsRefused() {
    Map<String, Object> body = of("main");
    body.put("repository_url", "http://%s/acme-inc/site".formatted(site.api().getAuthority()));

    client()
        .post()
        .uri(PATH)
        .bodyValue(body)
        .exchange()
        .expectStatus()
        .isEqualTo(422)
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo("repository_url");
  }

  /// `GITHUB_TOKEN` is tenant `default`'s: to a repository of nobody's others speak as anybody.
  @Test
  void anotherTenantOpensNothingWithTheTokenOfTenantDefault() {
    site.branchWithCommit("wanted-by-another");

    JsonNode operation = ask(service.as("globex", Scope.TASKS), of("wanted-by-another"));

    assertThat(operation.path("state").asString()).isEqualTo("FAILED");
    assertThat(operation.at("/failure/code").asString()).isEqualTo("auth_failed");
    assertThat(
            site.send(
                "GET",
                "/repos/slipway/requests/pulls?head=slipway:wanted-by-another&state=all",
                null))
        .isEmpty();
  }

  @Test
  void aTaskThatIsNotThereIsNotFound() {
    client()
        .post()
        .uri(PATH)
        .bodyValue(Map.of("task_id", UUID.randomUUID().toString()))
        .exchange()
        .expectStatus()
        .isNotFound();
  }
}
