package dev.slipway.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import tools.jackson.databind.JsonNode;

/// Every connection to the database waits for a lock that somebody else holds.
@Tag("slow")
@Timeout(180)
class TakenDatabaseIT {
  /// Longer than a lease, a request and a query may take; thirty seconds by hand.
  private static final Duration TAKEN =
      Duration.ofSeconds(Integer.getInteger("slipway.taken-database.seconds", 8));

  /// More than there are connections for requests.
  private static final int CROWD = 40;

  private static final int CREATIONS = 5;

  @TempDir static Path directory;
  private static Workplace place;
  private static OperationTable operations;

  @BeforeAll
  static void start() {
    place = new Workplace(directory, true, "--slipway.stage.request-timeout=2s");
    operations = place.operations();
  }

  @AfterAll
  static void stop() {
    place.close();
  }

  @Test
  void requestsAreToldToComeBackACommandRunsOnceAndAfterwardsAllIsAsBefore() {
    String sandbox = place.create(Map.of());
    long lines = 10 * TAKEN.toSeconds() + 50;
    String operation =
        place.run(
            sandbox,
            "echo run >> runs; for i in $(seq 1 %d); do echo line; sleep 0.1; done"
                .formatted(lines));
    place.awaitOutput(operation, "line\nline\n");

    operations.whileTaken(() -> {
      long begun = System.nanoTime();
      do {
        atOnce(CROWD, _ -> get(sandbox)).forEach(TakenDatabaseIT::assertComesBack);
        atOnce(CREATIONS, TakenDatabaseIT::create).forEach(TakenDatabaseIT::assertIsNotAnswered);
      } while (System.nanoTime() - begun < TAKEN.toNanos());
      assertThat(operations.busyConnections()).isGreaterThan(1);
    });

    await()
        .atMost(Workplace.PATIENCE)
        .until(() ->
            atOnce(CREATIONS, TakenDatabaseIT::create).stream()
                .allMatch(answer -> answer.getStatus().value() == 202));
    assertThat(place.count("metadata.crowd=taken")).isEqualTo(CREATIONS);
    assertThat(atOnce(CROWD, _ -> get(sandbox)))
        .allMatch(answer -> answer.getStatus().value() == 200);
    JsonNode ended = place.awaitEnd(operation);
    assertThat(ended.get("state").asString()).isEqualTo("SUCCEEDED");
    place.assertPublishedOnce(operation, lines * "line\n".length());
    String look = place.run(sandbox, "cat runs");
    place.awaitEnd(look);
    assertThat(place.output(look, "stdout")).isEqualTo("run\n");
    await().atMost(Workplace.PATIENCE).until(() -> operations.busyConnections() == 0);
  }

  private static EntityExchangeResult<byte[]> get(String sandbox) {
    return place
        .api()
        .get()
        .uri("/api/v1/sandboxes/{id}", sandbox)
        .exchange()
        .expectBody()
        .returnResult();
  }

  private static EntityExchangeResult<byte[]> create(int number) {
    return place
        .api()
        .post()
        .uri("/api/v1/sandboxes")
        .header("Idempotency-Key", "taken-" + number)
        .bodyValue(Map.of("metadata", Map.of("crowd", "taken")))
        .exchange()
        .expectBody()
        .returnResult();
  }

  private static void assertComesBack(EntityExchangeResult<byte[]> answer) {
    assertThat(answer.getStatus().value()).isEqualTo(503);
    assertThat(answer.getResponseHeaders().getFirst("Retry-After")).matches("[1-9][0-9]*");
    assertThat(Workplace.json(answer).get("code").asString()).isEqualTo("unavailable");
  }

  /// Or the first one with its key has not come to its end yet.
  private static void assertIsNotAnswered(EntityExchangeResult<byte[]> answer) {
    if (answer.getStatus().value() == 409) {
      assertThat(Workplace.json(answer).get("code").asString()).isEqualTo("key_in_use");
    } else {
      assertComesBack(answer);
    }
  }

  private static List<EntityExchangeResult<byte[]>> atOnce(
      int count, IntFunction<EntityExchangeResult<byte[]>> ask) {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<EntityExchangeResult<byte[]>>> asked =
          IntStream.range(0, count)
              .mapToObj(number -> clients.submit(() -> ask.apply(number)))
              .toList();
      return asked.stream().map(TakenDatabaseIT::answer).toList();
    }
  }

  private static EntityExchangeResult<byte[]> answer(Future<EntityExchangeResult<byte[]>> asked) {
    try {
      return asked.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
