package dev.slipway.sandbox.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.sandbox.TestSandboxWorker;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.FakeProvider;
import dev.slipway.sandbox.provider.WithFakeProvider;
import dev.slipway.sandbox.sandbox.SandboxRows;
import dev.slipway.schemas.Ids;
import dev.slipway.web.security.Scope;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.json.JsonMapper;

/// What is nobody's is ended, and nothing else: the caretaker looks in a tight loop, at a provider
/// that answers late and refuses.
@Timeout(120)
class CaretakerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration OLD = Duration.ofHours(1);
  private static final int CREATIONS = Integer.getInteger("slipway.caretaker.creations", 30);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static TestSandboxWorker service;
  private static FakeProvider provider;
  private static UUID installation;
  private static WebTestClient client;

  @BeforeAll
  static void start() {
    service =
        TestSandboxWorker.start(
            WithFakeProvider.class,
            "--slipway.sandbox.care=50ms",
            "--slipway.worker.min-backoff=20ms",
            "--slipway.worker.max-backoff=100ms");
    provider = service.bean(FakeProvider.class);
    client = service.as("default", Scope.SANDBOXES);
    installation = service.bean(SandboxRows.class).installation();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @AfterEach
  void clear() {
    provider.answerAtOnce();
    provider.refuseToKill(_ -> false);
    provider.leaveOut(_ -> false);
  }

  @Test
  void creationsThatAreAnsweredLateAreLeftAloneAndSoIsWhatAnotherInstallationMade() {
    ExternalId others = provider.put("others", OLD, tags(Ids.fresh(), Ids.fresh().toString()));
    CountDownLatch gate = provider.answerLate(Duration.ZERO);
    List<String> sandboxes = ask(CREATIONS);
    awaitMade(sandboxes);

    awaitLooks(3);
    gate.countDown();

    sandboxes.forEach(sandbox -> awaitState(sandbox, "RUNNING"));
    awaitLooks(2);
    List<ExternalId> ours = sandboxes.stream().map(CaretakerIT::made).toList();
    assertThat(provider.killed()).doesNotContain(others).doesNotContainAnyElementsOf(ours);
    assertThat(provider.there()).contains(others).containsAll(ours);
  }

  @Test
  void ofCreationsThatAreTakenForNobodysNoneIsBothEndedAndRunning() {
    CountDownLatch gate = provider.answerLate(OLD);
    int before = provider.killed().size();
    List<String> sandboxes = ask(CREATIONS);

    // some are condemned by now, the others' answers race with it
    await().atMost(PATIENCE).until(() -> provider.killed().size() > before);
    gate.countDown();

    Map<String, List<String>> byState =
        sandboxes.stream().collect(Collectors.groupingBy(CaretakerIT::awaitSettled));
    awaitLooks(2);
    assertThat(byState).containsKey("FAILED");
    assertThat(byState.keySet()).isSubsetOf("RUNNING", "FAILED");
    for (String sandbox : byState.getOrDefault("RUNNING", List.of())) {
      assertThat(provider.there()).contains(made(sandbox));
    }
    for (String sandbox : byState.getOrDefault("FAILED", List.of())) {
      assertThat(provider.there()).doesNotContain(made(sandbox));
      assertThat(field(sandbox, "failure/code")).isEqualTo("unavailable");
    }
  }

  @Test
  void oneThatCannotBeEndedDoesNotKeepTheOthersFromIt() {
    provider.refuseToKill(_ -> true);
    List<ExternalId> orphans =
        IntStream.range(0, 3)
            .mapToObj(
                i -> provider.put("orphan-" + i, OLD, tags(installation, Ids.fresh().toString())))
            .toList();

    // whoever gave up at the first would never come to the rest
    await().atMost(PATIENCE).until(() -> provider.killed().containsAll(orphans));

    provider.refuseToKill(_ -> false);
    await().atMost(PATIENCE).until(() -> orphans.stream().noneMatch(provider.there()::contains));
  }

  @Test
  void oneThatTheProvidersListLeavesOutIsNotTakenForGone() {
    String sandbox = ask(1).getFirst();
    awaitState(sandbox, "RUNNING");

    provider.leaveOut(made(sandbox)::equals);

    awaitLooks(3);
    assertThat(field(sandbox, "state")).isEqualTo("RUNNING");
    assertThat(provider.there()).contains(made(sandbox));
  }

  @Test
  void aSandboxWhoseEndIsRefusedIsEndedOnceItIsAllowed() {
    String sandbox = ask(1).getFirst();
    awaitState(sandbox, "RUNNING");
    provider.refuseToKill(made(sandbox)::equals);

    client.delete().uri(path(sandbox)).exchange().expectStatus().isAccepted();
    await()
        .atMost(PATIENCE)
        .until(() -> Collections.frequency(provider.killed(), made(sandbox)) > 3);
    assertThat(field(sandbox, "state")).isEqualTo("TERMINATING");
    provider.refuseToKill(_ -> false);

    awaitState(sandbox, "TERMINATED");
    assertThat(provider.there()).doesNotContain(made(sandbox));
  }

  /// Of one that an operation of the installation made.
  private static Map<String, String> tags(UUID installation, String sandbox) {
    return new Tags(installation, "default", sandbox, Ids.fresh()).over(Map.of());
  }

  private static ExternalId made(String sandbox) {
    return new ExternalId("made-" + sandbox);
  }

  /// Asks for sandboxes.
  private static List<String> ask(int count) {
    return IntStream.range(0, count)
        .mapToObj(_ ->
            field(
                client
                    .post()
                    .uri("/api/v1/sandboxes")
                    .contentType(MediaType.APPLICATION_JSON)
                    .bodyValue("{}")
                    .exchange(),
                "sandbox_id"))
        .toList();
  }

  private static void awaitMade(List<String> sandboxes) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> provider.there().containsAll(sandboxes.stream().map(CaretakerIT::made).toList()));
  }

  /// Waits until the caretaker has looked so often, from the beginning to the end.
  private static void awaitLooks(int more) {
    int before = provider.looks();
    await().atMost(PATIENCE).until(() -> provider.looks() > before + more);
  }

  private static void awaitState(String sandbox, String state) {
    await().atMost(PATIENCE).until(() -> field(sandbox, "state"), state::equals);
  }

  private static String awaitSettled(String sandbox) {
    await().atMost(PATIENCE).until(() -> !field(sandbox, "state").equals("REQUESTED"));
    return field(sandbox, "state");
  }

  private static String path(String sandbox) {
    return "/api/v1/sandboxes/" + sandbox;
  }

  private static String field(String sandbox, String field) {
    return field(client.get().uri(path(sandbox)).exchange(), field);
  }

  private static String field(WebTestClient.ResponseSpec response, String field) {
    byte @Nullable [] body = response.expectBody().returnResult().getResponseBody();
    return JSON.readTree(body == null ? new byte[0] : body).at("/" + field).asString();
  }
}
