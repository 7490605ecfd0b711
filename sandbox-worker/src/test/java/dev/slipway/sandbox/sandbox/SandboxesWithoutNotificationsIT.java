package dev.slipway.sandbox.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pipeline.stage.OperationDoor;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.sandbox.SandboxWorkerConfiguration;
import dev.slipway.sandbox.TestSandboxWorker;
import dev.slipway.schemas.Topics;
import dev.slipway.web.security.Scope;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;

/// Nobody can be told live of what happens to sandboxes.
class SandboxesWithoutNotificationsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  @SuppressWarnings("unchecked") // there is one
  void aSandboxIsMadeAndItsEventsArePublished() {
    try (var service =
        TestSandboxWorker.start(
            SandboxWorkerConfiguration.class, "--slipway.worker.concurrency=0")) {
      var stage =
          (StageRunner<SandboxState, SandboxInput, SandboxEvent>) service.bean(StageRunner.class);
      await().atMost(PATIENCE).until(() -> stage.operations().isPresent());
      OperationDoor<SandboxInput> door = stage.operations().orElseThrow();
      service.remove(Topics.NOTIFICATIONS);

      String answer =
          service
              .as("default", Scope.SANDBOXES)
              .post()
              .uri("/api/v1/sandboxes")
              .contentType(MediaType.APPLICATION_JSON)
              .bodyValue("{\"execution_id\":\"e-1\",\"squad_id\":\"s-1\"}")
              .exchange()
              .expectStatus()
              .isAccepted()
              .expectBody(String.class)
              .returnResult()
              .getResponseBody();
      String id = JsonPath.read(answer, "$.sandbox_id");
      LeasedOperation creation =
          await()
              .atMost(PATIENCE)
              .until(
                  () -> door.lease("test", 1, 1, Duration.ofMinutes(1)), taken -> taken.size() == 1)
              .getFirst();
      assertThat(
              door.succeeded(
                      creation, new SandboxInput.Created(creation.id(), "e2b", "ext-1"), "{}", null)
                  .join())
          .isTrue();

      service
          .as("default", Scope.SANDBOXES)
          .get()
          .uri("/api/v1/sandboxes/" + id)
          .exchange()
          .expectBody()
          .jsonPath("$.state")
          .isEqualTo("RUNNING");
      await().atMost(PATIENCE).until(() -> published(stage).size() == 3);
      assertThat(published(stage))
          .containsExactly("sandbox.requested", "sandbox.created", "sandbox.running");
      assertThat(
              service
                  .bean(MeterRegistry.class)
                  .get("slipway.publisher.unnotified")
                  .counter()
                  .count())
          .isEqualTo(3);
    }
  }

  private static List<String> published(StageRunner<?, ?, ?> stage) {
    return stage
        .database()
        .inStage(transaction ->
            transaction.query(
                "select ce_type as v from outbox where published_at is not null order by outbox_id",
                row -> Columns.required(row, "v", String.class)));
  }
}
