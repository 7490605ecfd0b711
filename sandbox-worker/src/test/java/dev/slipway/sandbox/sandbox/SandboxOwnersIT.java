package dev.slipway.sandbox.sandbox;

import static dev.slipway.sandbox.SharedSandboxWorker.PATIENCE;
import static dev.slipway.sandbox.SharedSandboxWorker.awaitStatus;
import static dev.slipway.sandbox.SharedSandboxWorker.createSandbox;
import static dev.slipway.sandbox.SharedSandboxWorker.delete;
import static dev.slipway.sandbox.SharedSandboxWorker.door;
import static dev.slipway.sandbox.SharedSandboxWorker.get;
import static dev.slipway.sandbox.SharedSandboxWorker.inbox;
import static dev.slipway.sandbox.SharedSandboxWorker.leased;
import static dev.slipway.sandbox.SharedSandboxWorker.post;
import static dev.slipway.sandbox.SharedSandboxWorker.problem;
import static dev.slipway.sandbox.SharedSandboxWorker.run;
import static dev.slipway.sandbox.SharedSandboxWorker.service;
import static dev.slipway.sandbox.SharedSandboxWorker.status;
import static dev.slipway.sandbox.SharedSandboxWorker.texts;
import static dev.slipway.sandbox.SharedSandboxWorker.types;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.stage.Failure;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.sandbox.CreateSandbox;
import dev.slipway.schemas.sandbox.RunCommand;
import dev.slipway.schemas.sandbox.TerminateSandbox;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Whose a sandbox is, with its id, its name and the secrets that it is given.
class SandboxOwnersIT {
  @Test
  void aCommandForAnotherTenantsSandboxIsRejectedAsOneForNoneIs() {
    String id = createSandbox("owner", "{}");
    String none = Ids.fresh().toString();

    for (String each : List.of(id, none)) {
      UUID sandbox = UUID.fromString(each);
      for (Object wish :
          List.of(
              TerminateSandbox.newBuilder().build(),
              RunCommand.newBuilder().setCommand("make").build())) {
        UUID asked = service().send(Ids.fresh(), "thief", sandbox, wish);
        await().atMost(PATIENCE).until(() -> inbox(asked), "rejected"::equals);
      }

      assertThat(
              texts(
                  "select ce_type || ' ' || ce_sequence || ' ' || (position('not_found'::bytea in value) > 0) as v"
                      + " from outbox where tenant = 'thief' and record_key = '%s' order by outbox_id"
                          .formatted(each)))
          .containsExactly("sandbox.rejected 1 true", "sandbox.rejected 2 true");
      status("thief", "/api/v1/sandboxes/" + each, 404);
    }
    get("owner", "/api/v1/sandboxes/" + id)
        .jsonPath("$.state")
        .isEqualTo("REQUESTED")
        .jsonPath("$.version")
        .isEqualTo(1);
  }

  @Test
  void anIdIsTakenByWhoHasASandboxOfItAndNotByWhoWasRefused() {
    UUID sandbox = Ids.fresh();
    UUID asked =
        service().send(Ids.fresh(), "squatter", sandbox, TerminateSandbox.newBuilder().build());
    await().atMost(PATIENCE).until(() -> inbox(asked), "rejected"::equals);

    var _ = service().send(Ids.fresh(), "first", sandbox, CreateSandbox.newBuilder().build());
    awaitStatus("first", "/api/v1/sandboxes/" + sandbox, 200);
    UUID second =
        service().send(Ids.fresh(), "squatter", sandbox, CreateSandbox.newBuilder().build());
    await().atMost(PATIENCE).until(() -> inbox(second), "rejected"::equals);

    assertThat(
            texts(
                "select tenant || ' ' || ce_type as v from outbox where record_key = '%s' order by outbox_id"
                    .formatted(sandbox)))
        .containsExactly(
            "squatter sandbox.rejected", "first sandbox.requested", "squatter sandbox.rejected");
    status("squatter", "/api/v1/sandboxes/" + sandbox, 404);
  }

  @Test
  void aTakenIdIsAConflict() {
    String id = createSandbox("taken", "{}");

    var _ =
        service()
            .send(Ids.fresh(), "taken", UUID.fromString(id), CreateSandbox.newBuilder().build());

    await()
        .atMost(PATIENCE)
        .until(() -> types(id), List.of("sandbox.requested", "sandbox.rejected")::equals);
  }

  @Test
  void anotherTenantsSandboxLooksLikeNone() {
    String id = createSandbox("owner", "{}");
    String operation = run("owner", id, "{\"command\":\"make\"}");
    String none = Ids.fresh().toString();

    for (String each : List.of(id, none)) {
      String path = "/api/v1/sandboxes/" + each;
      status("thief", path, 404);
      status("thief", path + "/files?path=/etc/hosts", 404);
      status("thief", path + "/files/list?path=/", 404);
      status("thief", path + "/metrics", 404);
      for (String verb : List.of("pause", "resume", "reset")) {
        post("thief", path + "/" + verb, "").expectStatus().isNotFound();
      }
      post("thief", path + "/extend", "{\"timeout_seconds\":60}").expectStatus().isNotFound();
      post("thief", path + "/commands", "{\"command\":\"a\"}").expectStatus().isNotFound();
      delete("thief", each, 404);
    }
    for (String each : List.of(operation, none)) {
      status("thief", "/api/v1/operations/" + each, 404);
      post("thief", "/api/v1/operations/" + each + "/cancel", "").expectStatus().isNotFound();
    }
    get("thief", "/api/v1/sandboxes").jsonPath("$.items").isEmpty();
  }

  @Test
  void ofTwoSandboxesOfOneNameOneIs() {
    String id = createSandbox("names", "{\"name\":\"one\"}");

    problem(post("names", "/api/v1/sandboxes", "{\"name\":\"one\"}"), 409, "conflict");
    UUID second = Ids.fresh();
    var _ =
        service()
            .send(Ids.fresh(), "names", second, CreateSandbox.newBuilder().setName("one").build());
    await()
        .atMost(PATIENCE)
        .until(() -> types(second.toString()), List.of("sandbox.rejected")::equals);
    var _ = createSandbox("other-names", "{\"name\":\"one\"}");

    LeasedOperation creation = leased(id, "create_sandbox");
    assertThat(
            door().failed(creation, new Failure("timeout", "Slow.", true), null, null, null).join())
        .isTrue();

    var _ = createSandbox("names", "{\"name\":\"one\"}");
  }

  @Test
  void aSecretOfTheTenantsOwnMayBeNamed() {
    service().secret("rich", "token", "s3cret");

    String id = createSandbox("rich", "{\"environment\":{\"A\":\"secret://file/token\"}}");

    assertThat(leased(id, "create_sandbox").request()).contains("secret://file/token");
  }
}
