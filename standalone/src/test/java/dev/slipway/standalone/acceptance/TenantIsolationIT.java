package dev.slipway.standalone.acceptance;

import static dev.slipway.standalone.acceptance.SharedInstallation.ACME;
import static dev.slipway.standalone.acceptance.SharedInstallation.GLOBEX;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.node.ObjectNode;

@Tag("slow")
@ExtendWith(SharedInstallation.class)
class TenantIsolationIT {
  private static final String UNKNOWN = "0191d4a8-0000-7000-8000-000000000000";
  private static final Duration SOON = Duration.ofSeconds(10);

  @Test
  void aTenantSeesItsOwnDeliveriesAndNothingOfAnother(Slipway slipway) {
    Webhook acmes = of("acme-inc/one", 30_001);
    Webhook globexes = of("globex-corp/one", 30_002);
    hookOf(slipway, ACME).send(acmes).is(202);
    hookOf(slipway, GLOBEX).send(globexes).is(202);
    Api acme = caller(slipway, ACME);
    Api globex = caller(slipway, GLOBEX);

    var row = acme.awaitDelivery(acmes.guid(), SOON);
    assertThat(row.path("context").path("tenant").asString()).isEqualTo(ACME);
    var _ = globex.awaitDelivery(globexes.guid(), SOON);

    Answer _ = globex.get("/api/v1/deliveries/" + acmes.guid()).isProblem(404, "not_found");
    Answer _ = acme.get("/api/v1/deliveries/" + globexes.guid()).isProblem(404, "not_found");
    assertThat(tenants(acme)).containsExactly(ACME);
    assertThat(tenants(globex)).containsExactly(GLOBEX);
    assertThat(globex.deliveries("repository=acme-inc/one")).isEmpty();
    assertThat(globex.deliveries("event=pull_request&number=1"))
        .extracting(it -> it.path("delivery_id").asString())
        .doesNotContain(acmes.guid());
    assertThat(caller(slipway, "nobody").deliveries("")).isEmpty();
    assertThat(slipway.api().deliveriesById())
        .as("what the tenant default sees")
        .doesNotContainKeys(acmes.guid(), globexes.guid());
  }

  @Test
  void aGuidThatAnotherTenantUsedFirstIsHeardOfByBothAndByEachOnce(Slipway slipway) {
    Webhook acmes = of("acme-inc/guid", 30_051);
    Webhook madeUp = of("globex-corp/guid", 30_052).withGuid(acmes.guid());
    hookOf(slipway, GLOBEX).send(madeUp).is(202);
    var globexes = caller(slipway, GLOBEX).awaitDelivery(acmes.guid(), SOON);

    Answer first = hookOf(slipway, ACME).send(acmes).is(202);
    var mine = caller(slipway, ACME).awaitDelivery(acmes.guid(), SOON);
    Answer again = hookOf(slipway, ACME).send(acmes).is(202);
    slipway.awaitCaughtUp(SOON);

    assertThat(first.json().path("delivery_id").asString()).isEqualTo(acmes.guid());
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(mine.path("body_sha256").asString()).isEqualTo(acmes.bodySha256());
    assertThat(mine.path("outcome").asString()).isEqualTo("APPLIED");
    assertThat(caller(slipway, ACME).deliveries("repository=acme-inc/guid")).containsExactly(mine);
    assertThat(globexes.path("body_sha256").asString()).isEqualTo(madeUp.bodySha256());
    assertThat(caller(slipway, GLOBEX).deliveries("repository=globex-corp/guid"))
        .containsExactly(globexes);
    rebuildIsEqual(slipway);
  }

  /// GitHub gives one event one GUID, whoever has a hook.
  @Test
  void aRepositorysHookAndAnAppsHookThatShareAGuidAreBothHeardOf(Slipway slipway) {
    ObjectNode payload = Payloads.pullRequest("octo-org/two-hooks", 30_061, 1);
    Webhook repositorys = Webhook.json("pull_request", payload);
    payload.putObject("installation").put("id", 7002);
    Webhook apps = Webhook.json("pull_request", payload).withGuid(repositorys.guid());
    Api globex = slipway.api().as(slipway.token(GLOBEX, "tasks", "events"));
    String query = "repository=octo-org/two-hooks";
    try (var own = EventStream.of(slipway.api(), query);
        var theirs = EventStream.of(globex, query)) {
      slipway.sender().send(repositorys).is(202);
      slipway.sender().send(apps).is(202);

      for (var stream : List.of(own, theirs)) {
        var event = stream.await(1, SOON).getFirst();
        assertThat(event.path("type").asString()).isEqualTo("pull_request.opened");
        assertThat(event.path("sequence").asLong()).isEqualTo(1);
        assertThat(event.at("/data/delivery_id").asString()).isEqualTo(repositorys.guid());
      }
    }
    assertThat(slipway.api().deliveries(query)).hasSize(1);
    assertThat(globex.deliveries(query)).hasSize(1);
    for (Api api : List.of(slipway.api(), globex)) {
      assertThat(api.list("/api/v1/pull-requests/octo-org/two-hooks/1/timeline?limit=9"))
          .extracting(item -> item.path("delivery_id").asString())
          .containsExactly(repositorys.guid());
    }
    rebuildIsEqual(slipway);
  }

  @Test
  void anErrorACancelOrATimeoutNeverLeavesATenantOnASharedConnection(Slipway slipway) {
    Webhook acmes = of("acme-inc/pooled", 30_011);
    Webhook globexes = of("globex-corp/pooled", 30_012);
    hookOf(slipway, ACME).send(acmes).is(202);
    hookOf(slipway, GLOBEX).send(globexes).is(202);
    Api acme = caller(slipway, ACME);
    Api globex = caller(slipway, GLOBEX);
    var _ = acme.awaitDelivery(acmes.guid(), SOON);
    var _ = globex.awaitDelivery(globexes.guid(), SOON);

    List<Boolean> undisturbed =
        Crowd.each(
            IntStream.range(0, 400).boxed().toList(),
            32,
            n -> {
              disturb(n % 2 == 0 ? acme : globex, n);
              Api caller = n % 2 == 0 ? globex : acme;
              String own = n % 2 == 0 ? globexes.guid() : acmes.guid();
              String foreign = n % 2 == 0 ? acmes.guid() : globexes.guid();
              return caller.get("/api/v1/deliveries/" + own).status() == 200
                  && caller.get("/api/v1/deliveries/" + foreign).status() == 404;
            });

    assertThat(undisturbed).containsOnly(true);
    assertThat(tenants(acme)).containsExactly(ACME);
    assertThat(tenants(globex)).containsExactly(GLOBEX);
    assertThat(caller(slipway, "nobody").deliveries("")).isEmpty();
  }

  @Test
  void anAdministratorOfATenantSeesNothingThatIsAboutAll(Slipway slipway) {
    Api admin = slipway.api().as(slipway.token(ACME, "admin"));

    for (String path : List.of("stages", "dead-letters", "replays/" + UNKNOWN)) {
      Answer _ = admin.get("/api/v1/admin/" + path).isProblem(403, "forbidden");
    }
  }

  @Test
  void aCursorOfAnotherTenantOpensNothingOfIt(Slipway slipway) {
    for (int n = 0; n < 3; n++) {
      hookOf(slipway, ACME).send(of("acme-inc/cursor", 30_041)).is(202);
      hookOf(slipway, GLOBEX).send(of("globex-corp/cursor", 30_042)).is(202);
    }
    slipway.awaitCaughtUp(SOON);
    String cursor =
        caller(slipway, ACME)
            .get("/api/v1/deliveries?limit=1")
            .is(200)
            .json()
            .path("next_cursor")
            .asString();

    Answer answer = caller(slipway, GLOBEX).get("/api/v1/deliveries?limit=200&cursor=" + cursor);

    assertThat(answer.status()).isIn(200, 400, 422);
    assertThat(answer.body()).doesNotContain("acme");
  }

  @Test
  void aSecretVerifiesBodiesOfItsOwnTenantOnly(Slipway slipway) {
    long before = slipway.log().size(Log.DELIVERIES);
    Webhook globexes = of("globex-corp/stolen", 30_021);
    Webhook nobodys = of("somebody/else", 30_022);

    Answer _ = hookOf(slipway, ACME).send(globexes).isProblem(401, "invalid_signature");
    Answer _ = hookOf(slipway, ACME).send(nobodys).isProblem(401, "invalid_signature");

    assertThat(slipway.log().size(Log.DELIVERIES)).isEqualTo(before);
  }

  @Test
  void theOperatorsSecretVerifiesEveryBodyAndTheTenantComesFromItsOwner(Slipway slipway) {
    Webhook acmes = of("acme-inc/by-the-operator", 30_031);
    ObjectNode byInstallation = Payloads.pullRequest("renamed-inc/app", 30_032, 1);
    byInstallation.putObject("installation").put("id", 7002);
    Webhook globexes = Webhook.json("pull_request", byInstallation);

    slipway.sender().send(acmes).is(202);
    slipway.sender().send(globexes).is(202);

    var row = caller(slipway, ACME).awaitDelivery(acmes.guid(), SOON);
    assertThat(row.path("context").path("tenant").asString()).isEqualTo(ACME);
    var _ = caller(slipway, GLOBEX).awaitDelivery(globexes.guid(), SOON);
    Answer _ = slipway.api().get("/api/v1/deliveries/" + acmes.guid()).isProblem(404, "not_found");
  }

  /// Something that ends badly: an error, a request given up, one whose time runs out.
  private static void disturb(Api api, int n) {
    switch (n % 4) {
      case 0 -> {
        Answer answer = api.get("/api/v1/deliveries?cursor=broken");
        assertThat(answer.status()).isBetween(400, 499);
      }
      case 1 -> {
        var request = api.request("/api/v1/deliveries?limit=200").build();
        CompletableFuture<?> pending = Http.client().sendAsync(request, BodyHandlers.ofString());
        assertThat(pending.cancel(true)).isIn(true, false);
      }
      case 2 -> {
        var request =
            api.request("/api/v1/deliveries?limit=200").timeout(Duration.ofMillis(1)).build();
        CompletableFuture<Integer> pending =
            Http.client()
                .sendAsync(request, BodyHandlers.ofString())
                .handle((answer, _) -> answer == null ? 0 : answer.statusCode());
        assertThat(pending.join()).isIn(0, 200);
      }
      default -> assertThat(api.get("/api/v1/deliveries/no-uuid").status()).isBetween(400, 499);
    }
  }

  private static void rebuildIsEqual(Slipway slipway) {
    slipway.awaitCaughtUp(SOON);
    CommandResult _ =
        slipway.command("rebuild", "--stage", "pr-service", "--verify", "--json").exited(0);
  }

  private static Set<String> tenants(Api api) {
    return api.deliveries("").stream()
        .map(row -> row.path("context").path("tenant").asString())
        .collect(toSet());
  }

  private static Api caller(Slipway slipway, String tenant) {
    return slipway.api().as(slipway.token(tenant, "tasks"));
  }

  private static WebhookSender hookOf(Slipway slipway, String tenant) {
    return slipway.sender().withSecret(SharedInstallation.secretOf(tenant));
  }

  private static Webhook of(String fullName, long repositoryId) {
    return Webhook.json("pull_request", Payloads.pullRequest(fullName, repositoryId, 1));
  }
}
