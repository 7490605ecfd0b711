package dev.slipway.pr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import dev.slipway.schemas.Ids;
import dev.slipway.web.security.Scope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.test.json.JsonCompareMode;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.BodyContentSpec;

class DeliveriesIT {
  private static TestPrService service;
  private static Webhooks webhooks;

  @BeforeAll
  static void start() {
    service = TestPrService.start();
    webhooks = new Webhooks(service.clients());
  }

  @AfterAll
  static void stop() {
    webhooks.close();
    service.close();
  }

  @Test
  void aWebhookIsListedWithWhatBecameOfIt() {
    UUID id = UUID.fromString("72d3162e-cc78-11e3-81ab-4c9367dc0958");

    RecordMetadata written = webhooks.send(id, "acme", _ -> {});

    awaitStatus("acme", id, 200);
    service
        .as("acme", Scope.TASKS)
        .get()
        .uri("/api/v1/deliveries/{id}", id)
        .exchange()
        .expectBody()
        .json(
            """
            {"delivery_id":"72d3162e-cc78-11e3-81ab-4c9367dc0958","event":"pull_request","action":"opened",
             "repository":{"id":1001,"full_name":"acme/site"},"number":7,"installation_id":42,"hook_id":11,
             "sender":"octocat","received_at":"2026-01-02T03:04:05.678Z","content_type":"application/json",
             "body_bytes":303,
             "body_sha256":"310bceab6abfdf11eb34958022e3ac3c1a07b066b25fd64803729d3af48f88ce",
             "position":{"topic":"%s","partition":%d,"offset":%d},
             "outcome":"APPLIED","reason":null,"event_ids":["%s"],
             "pull_request":{"repository_id":1001,"number":7},"task_id":null,
             "context":{"tenant":"acme","user_id":null,"task_id":null,"execution_id":null,"squad_id":null,
               "agent_id":null,"session_id":null,"sandbox_id":null}}
            """
                .formatted(
                    written.topic(),
                    written.partition(),
                    written.offset(),
                    opened(Ids.deliveryRecord("acme", id), "acme/1001#7")),
            JsonCompareMode.STRICT);
  }

  @Test
  void aPullRequestIsThereForItsTenantWithItsTimeline() {
    UUID id = Ids.fresh();

    var _ = webhooks.send(id, "joined", _ -> {});

    awaitStatus("joined", id, 200);
    get("joined", "/api/v1/pull-requests/Acme/Site/7")
        .jsonPath("$.state")
        .isEqualTo("OPEN")
        .jsonPath("$.version")
        .isEqualTo(1)
        .jsonPath("$.head.sha")
        .isEqualTo("aa")
        .jsonPath("$.checks.state")
        .isEqualTo("NONE")
        .jsonPath("$.context.tenant")
        .isEqualTo("joined");
    get("joined", "/api/v1/pull-requests?repository=acme/site&state=OPEN")
        .jsonPath("$.items.length()")
        .isEqualTo(1);
    get("joined", "/api/v1/pull-requests?state=MERGED").jsonPath("$.items").isEmpty();
    get("joined", "/api/v1/pull-requests/acme/site/7/timeline")
        .jsonPath("$.items[*].type")
        .isEqualTo(List.of("pull_request.opened"))
        .jsonPath("$.items[0].delivery_id")
        .isEqualTo(id.toString());
    for (String path :
        List.of("acme/site/7", "acme/site/8", "acme/none/7", "acme/site/7/timeline")) {
      service
          .as(path.equals("acme/site/8") ? "joined" : "tenant-c", Scope.TASKS)
          .get()
          .uri("/api/v1/pull-requests/" + path)
          .exchange()
          .expectStatus()
          .isNotFound();
    }
  }

  @Test
  void aDeliveryIsThereForItsTenantAlone() {
    UUID id = Ids.fresh();

    var _ = webhooks.send(id, "tenant-a", _ -> {});

    awaitStatus("tenant-a", id, 200);
    assertThat(status("tenant-b", id)).isEqualTo(HttpStatus.NOT_FOUND);
    list("tenant-b", "").jsonPath("$.items").isEmpty();
    list("tenant-a", "").jsonPath("$.items.length()").isEqualTo(1);
  }

  @Test
  void copiesOfOneDeliveryAreOneRowThatKeepsTheFirst() {
    UUID id = Ids.fresh();
    RecordMetadata first = webhooks.send(id, "copies", _ -> {});
    var _ = webhooks.send(id, "copies", webhook -> webhook.setHookId(12L));
    var _ = webhooks.send(id, "copies", webhook -> webhook.setAction("closed"));
    UUID later = Ids.fresh();

    var _ = webhooks.send(later, "copies", _ -> {});

    awaitStatus("copies", later, 200);
    list("copies", "").jsonPath("$.items.length()").isEqualTo(2);
    get("copies", "/api/v1/deliveries/" + id)
        .jsonPath("$.hook_id")
        .isEqualTo(11)
        .jsonPath("$.action")
        .isEqualTo("opened")
        .jsonPath("$.position.offset")
        .isEqualTo(first.offset());
  }

  @Test
  void aCopyWithAnotherBodyIsCountedAndOneWithTheSameIsNot() {
    UUID id = Ids.fresh();
    UUID later = Ids.fresh();
    double before = service.differingCopies();
    var _ = webhooks.send(id, "made-up", _ -> {});
    var _ = webhooks.send(id, "made-up", webhook -> webhook.setHookId(12L));
    var _ = webhooks.send(id, "made-up-too", webhook -> webhook.setBody(bytes("{}")));
    var _ = webhooks.send(id, "made-up", webhook -> webhook.setBody(bytes("{}")));

    var _ = webhooks.send(later, "made-up", _ -> {});

    awaitStatus("made-up", later, 200);
    await()
        .atMost(Duration.ofSeconds(20)) // counted once it is committed
        .until(() -> service.differingCopies(), Double.valueOf(before + 1)::equals);
    get("made-up", "/api/v1/deliveries/" + id)
        .jsonPath("$.body_bytes")
        .isEqualTo(Webhooks.BODY.length());
  }

  @Test
  void tenantsThatShareAGuidHearOfItEach() {
    UUID id = Ids.fresh();
    UUID later = Ids.fresh();
    var _ = webhooks.send(id, "globex", webhook -> webhook.setBody(bytes("{}")));
    var _ = webhooks.send(id, "initech", _ -> {});
    var _ = webhooks.send(id, "default", _ -> {});

    var _ = webhooks.send(later, "default", _ -> {});

    awaitStatus("default", later, 200);
    get("globex", "/api/v1/deliveries/" + id).jsonPath("$.reason").isEqualTo("no_pull_request");
    for (String tenant : List.of("initech", "default")) {
      String key = tenant.equals("default") ? "1001#7" : tenant + "/1001#7";
      get(tenant, "/api/v1/deliveries/" + id)
          .jsonPath("$.context.tenant")
          .isEqualTo(tenant)
          .jsonPath("$.event_ids")
          .isEqualTo(List.of(opened(Ids.deliveryRecord(tenant, id), key).toString()));
      get(tenant, "/api/v1/pull-requests/acme/site/7/timeline")
          .jsonPath("$.items[0].delivery_id")
          .isEqualTo(id.toString())
          .jsonPath("$.items[0].cause_id")
          .isEqualTo(Ids.deliveryRecord(tenant, id).toString())
          .jsonPath("$.items[0].offset")
          .isNotEmpty();
    }
  }

  @Test
  void aRecordOfBeforeIdsNamedTenantsGoesOnWorking() {
    UUID id = Ids.fresh();
    UUID later = Ids.fresh();
    RecordMetadata first = webhooks.sendAsBefore(id, "former", _ -> {});
    var _ = webhooks.send(id, "former", _ -> {}); // redelivered since

    var _ = webhooks.send(later, "former", _ -> {});

    awaitStatus("former", later, 200);
    list("former", "").jsonPath("$.items.length()").isEqualTo(2);
    get("former", "/api/v1/deliveries/" + id)
        .jsonPath("$.position.offset")
        .isEqualTo(first.offset())
        .jsonPath("$.event_ids")
        .isEqualTo(List.of(opened(id, "1001#7").toString()));
    get("former", "/api/v1/pull-requests/acme/site/7/timeline")
        .jsonPath("$.items[*].delivery_id")
        .isEqualTo(List.of(id.toString(), later.toString()));
    assertThat(replayed(awaitReplay("true"), "changed", Integer.class)).isZero();
  }

  @Test
  void aRecordThatNobodyCanReadHoldsNothingUp() {
    UUID unreadable = Ids.fresh();
    var _ = webhooks.send(unreadable, new byte[] {9, 9, 9});
    var _ = webhooks.send(Ids.fresh(), (byte[]) null);
    UUID later = Ids.fresh();

    var _ = webhooks.send(later, "poison", _ -> {});

    awaitStatus("poison", later, 200);
    assertThat(status("poison", unreadable)).isEqualTo(HttpStatus.NOT_FOUND);
  }

  @Test
  void textThatPostgresDoesNotTakeIsDataLikeAnyOther() {
    UUID id = Ids.fresh();

    var _ =
        webhooks.send(id, "hostile", webhook -> webhook.setSender("a\0b'; drop table delivery;--"));

    awaitStatus("hostile", id, 200);
    get("hostile", "/api/v1/deliveries/" + id)
        .jsonPath("$.sender")
        .isEqualTo("a\uFFFDb'; drop table delivery;--");
  }

  @Test
  void theListIsFilteredAndPagedNewestFirst() {
    UUID[] ids = new UUID[5];
    for (int i = 0; i < ids.length; i++) {
      Instant at = Webhooks.RECEIVED_AT.plusSeconds(i / 2); // some at the same moment
      long number = i;
      ids[i] = new UUID(0x7000L, 0x8000_0000_0000_0000L | i);
      var _ =
          webhooks.send(ids[i], "pages", webhook -> webhook.setReceivedAt(at).setNumber(number));
      awaitStatus("pages", ids[i], 200);
    }

    list("pages", "limit=2&repository=ACME/site")
        .jsonPath("$.items[*].number")
        .isEqualTo(List.of(4, 3))
        .jsonPath("$.next_cursor")
        .value(
            String.class,
            first ->
                list("pages", "limit=2&cursor=" + first)
                    .jsonPath("$.items[*].number")
                    .isEqualTo(List.of(2, 1))
                    .jsonPath("$.next_cursor")
                    .value(
                        String.class,
                        second ->
                            list("pages", "limit=2&cursor=" + second)
                                .jsonPath("$.items[*].number")
                                .isEqualTo(List.of(0))
                                .jsonPath("$.next_cursor")
                                .isEmpty()));
    list("pages", "number=3").jsonPath("$.items[*].number").isEqualTo(List.of(3));
    list("pages", "event=push").jsonPath("$.items").isEmpty();
    list("pages", "outcome=APPLIED&action=opened")
        .jsonPath("$.items[*].number")
        .isEqualTo(List.of(0));
    list("pages", "outcome=UNCHANGED").jsonPath("$.items.length()").isEqualTo(4);
    list("pages", "since=2026-01-02T03:04:06.678901Z&until=2026-01-02T03:04:07.678901Z")
        .jsonPath("$.items[*].number")
        .isEqualTo(List.of(3, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"+999999999-12-31T23:59:59Z", "-100000-01-01T00:00:00Z"})
  void aTimeThatPostgresCannotHoldIsNotValid(String time) {
    for (String parameter : List.of("since", "until")) {
      service
          .as("times", Scope.TASKS)
          .get()
          .uri("/api/v1/deliveries?" + parameter + "={time}", time)
          .exchange()
          .expectStatus()
          .isEqualTo(HttpStatus.UNPROCESSABLE_CONTENT)
          .expectBody()
          .jsonPath("$.errors[0].field")
          .isEqualTo(parameter);
    }
    assertThat(askForReplay("\"since\":\"" + time + "\""))
        .isEqualTo(HttpStatus.UNPROCESSABLE_CONTENT);
  }

  @Test
  void aReplayBeginsAtAnyTimeAndOffsetThatCanBeMeant() {
    for (String range :
        List.of(
            "\"since\":\"0001-01-01T00:00:00Z\"",
            "\"since\":\"1969-12-31T23:59:59.999Z\"",
            "\"since\":\"9999-12-31T23:59:59Z\"",
            "\"from\":9223372036854775807")) {
      assertThat(askForReplay(range)).as(range).isEqualTo(HttpStatus.ACCEPTED);
    }
    assertThat(askForReplay("\"from\":9223372036854775808"))
        .isEqualTo(HttpStatus.UNPROCESSABLE_CONTENT);
    assertThat(askForReplay("\"from\":-1")).isEqualTo(HttpStatus.UNPROCESSABLE_CONTENT);
  }

  private static HttpStatusCode askForReplay(String range) {
    return admin()
        .post()
        .uri("/api/v1/admin/replays")
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue("{\"stage\":\"pr-service\"," + range + "}")
        .exchange()
        .returnResult(Void.class)
        .getStatus();
  }

  /// The Kelvin sign is a `k` to Unicode's rules of case.
  @Test
  void aRepositoryWhoseNameMerelyLooksLikeAnothersIsNotFoundByIt() {
    UUID meant = Ids.fresh();
    UUID lookalike = Ids.fresh();

    send("lookalikes", meant, 2001, "acme/Kiosk", "2026-01-01T00:00:00Z");
    send("lookalikes", lookalike, 2002, "acme/\u212Aiosk", "2026-01-02T00:00:00Z");

    awaitStatus("lookalikes", meant, 200);
    awaitStatus("lookalikes", lookalike, 200);
    list("lookalikes", "repository=acme/kiosk")
        .jsonPath("$.items[*].repository.id")
        .isEqualTo(List.of(2001));
    get("lookalikes", "/api/v1/pull-requests/acme/KIOSK/7")
        .jsonPath("$.repository.id")
        .isEqualTo(2001);
  }

  private static void send(
      String tenant, UUID id, long repositoryId, String fullName, String updatedAt) {
    String body =
        Webhooks.BODY.replace(
            "\"id\":1001,\"full_name\":\"acme/site\",\"updated_at\":\"2026-01-01T00:00:00Z\"",
            "\"id\":%d,\"full_name\":\"%s\",\"updated_at\":\"%s\""
                .formatted(repositoryId, fullName, updatedAt));
    var _ =
        webhooks.send(
            id,
            tenant,
            webhook ->
                webhook
                    .setRepositoryId(repositoryId)
                    .setRepositoryFullName(fullName)
                    .setBody(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void aReplayFindsEverythingKnownAndForcedNothingToChange() {
    UUID id = Ids.fresh();
    var _ = webhooks.send(id, "replays", _ -> {});
    awaitStatus("replays", id, 200);

    for (String force : List.of("false", "true")) {
      String replay = awaitReplay(force);

      assertThat(replayed(replay, "changed", Integer.class)).isZero();
      assertThat(replayed(replay, "progress_percent", Integer.class)).isEqualTo(100);
    }
  }

  private static UUID opened(UUID cause, String key) {
    return Ids.derived("pr-service.deliveries", cause, "pull_request.opened", key, 0);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String awaitReplay(String force) {
    String replay = replay(force);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> replayed(replay, "state", String.class), "DONE"::equals);
    return replay;
  }

  private static String replay(String force) {
    String body =
        admin()
            .post()
            .uri("/api/v1/admin/replays")
            .contentType(MediaType.APPLICATION_JSON)
            .bodyValue("{\"stage\":\"pr-service.deliveries\",\"force\":" + force + "}")
            .exchange()
            .expectStatus()
            .isAccepted()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody();
    return JsonPath.read(body, "$.items[0].replay_id");
  }

  private static <T> T replayed(String replay, String key, Class<T> type) {
    String body =
        admin()
            .get()
            .uri("/api/v1/admin/replays/" + replay)
            .exchange()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody();
    return type.cast(JsonPath.read(body, "$." + key));
  }

  private static WebTestClient admin() {
    return service.as("default", Scope.ADMIN);
  }

  private static BodyContentSpec list(String tenant, String query) {
    return get(tenant, "/api/v1/deliveries?" + query);
  }

  private static BodyContentSpec get(String tenant, String uri) {
    return service
        .as(tenant, Scope.TASKS)
        .get()
        .uri(uri)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody();
  }

  private static void awaitStatus(String tenant, UUID id, int status) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> status(tenant, id), HttpStatusCode.valueOf(status)::equals);
  }

  private static HttpStatusCode status(String tenant, UUID id) {
    return service
        .as(tenant, Scope.TASKS)
        .get()
        .uri("/api/v1/deliveries/{id}", id)
        .exchange()
        .returnResult(Void.class)
        .getStatus();
  }
}
