package dev.slipway.standalone.acceptance;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
@ExtendWith(SharedInstallation.class)
class ProblemIT {
  private static final String DELIVERIES = "/api/v1/deliveries";

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/nothing", "/api", "/api/v1", "/api/v1/nothing", "/webhooks/gitlab"})
  void anUnknownPathIsAProblem(String path, Slipway slipway) {
    Answer _ = slipway.api().get(path).isProblem(404, "not_found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE /api/v1/deliveries",
        "POST /api/v1/deliveries",
        "PUT /api/v1/deliveries/0191d4a8-0000-7000-8000-000000000000",
        "GET /webhooks/github",
        "PATCH /webhooks/github",
        "DELETE /readyz",
        "POST /healthz"
      })
  void aWrongMethodIsAProblem(String line, Slipway slipway) {
    String[] words = line.split(" ", -1);
    HttpRequest request = slipway.api().request(words[1]).method(words[0], noBody()).build();

    Answer answer = Http.send(request).isProblem(405, "method_not_allowed");

    assertThat(answer.header("allow")).isPresent();
  }

  @Test
  void aCallWithoutATokenOrWithABadOneIsAProblem(Slipway slipway) {
    List<String> tokens =
        List.of("", "x", "a.b.c", slipway.token() + "x", slipway.token().replaceFirst("e", "f"));

    for (String token : tokens) {
      Answer answer = slipway.api().as(token).get(DELIVERIES).isProblem(401, "unauthenticated");
      assertThat(answer.header("www-authenticate").orElse("")).startsWith("Bearer");
    }
    HttpRequest bare = HttpRequest.newBuilder(slipway.url().resolve(DELIVERIES)).build();
    Answer _ = Http.send(bare).isProblem(401, "unauthenticated");
    HttpRequest basic =
        HttpRequest.newBuilder(slipway.url().resolve(DELIVERIES))
            .header("Authorization", "Basic dXNlcjpwYXNz")
            .build();
    Answer _ = Http.send(basic).isProblem(401, "unauthenticated");
  }

  @Test
  void aTokenWithoutTheScopeIsForbidden(Slipway slipway) {
    Api chat = slipway.api().as(slipway.token("default", "chat", "events"));

    Answer _ = chat.get(DELIVERIES).isProblem(403, "forbidden");
    Answer _ =
        chat.get(DELIVERIES + "/0191d4a8-0000-7000-8000-000000000000").isProblem(403, "forbidden");
    Api tasks = slipway.api().as(slipway.token("default", "tasks"));
    Answer _ = tasks.get("/api/v1/admin/stages").isProblem(403, "forbidden");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?limit=0",
        "?limit=201",
        "?limit=many",
        "?cursor=broken",
        "?event=%00",
        "?repository=acme%00/site",
        "?number=x",
        "?outcome=WHATEVER",
        "?since=yesterday",
        "?until=2026-13-01T00:00:00Z",
        "?since=%2B999999999-12-31T23:59:59Z"
      })
  void aBadParameterIsAProblem(String query, Slipway slipway) {
    Answer answer = slipway.api().get(DELIVERIES + query);

    assertThat(answer.status()).isIn(400, 422);
    Answer _ = answer.isProblem(answer.status(), answer.status() == 400 ? "malformed" : "invalid");
  }

  @Test
  void anIdThatIsNoUuidOrUnknownIsAProblem(Slipway slipway) {
    Answer bad = slipway.api().get(DELIVERIES + "/not-a-uuid");

    assertThat(bad.status()).isIn(400, 404, 422);
    Answer _ = bad.isProblem(bad.status(), bad.json().path("code").asString());
    Answer _ =
        slipway
            .api()
            .get(DELIVERIES + "/0191d4a8-0000-7000-8000-000000000000")
            .isProblem(404, "not_found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/healthz", "/readyz", "/metrics", "/v3/api-docs"})
  void whatIsOpenAnswersWithoutAToken(String path, Slipway slipway) {
    HttpRequest request = HttpRequest.newBuilder(slipway.url().resolve(path)).build();

    Answer answer = Http.send(request).is(200);

    assertThat(answer.header("x-content-type-options")).contains("nosniff");
  }

  @Test
  void healthReadinessMetricsAndDescriptionHoldWhatTheContractSays(Slipway slipway) {
    Api api = slipway.api();

    assertThat(api.get("/healthz").is(200).json().path("status").asString()).isEqualTo("UP");
    assertThat(api.get("/health").is(200).json().path("status").asString()).isEqualTo("UP");
    var ready = api.get("/readyz").is(200).json();
    assertThat(ready.path("checks").properties())
        .extracting(check -> check.getKey() + " " + check.getValue().asString())
        .containsExactly("kafka UP", "registry UP", "database UP", "stages UP", "disk UP");
    assertThat(ready.path("details").properties()).isEmpty();
    assertThat(api.get("/metrics").is(200).body())
        .contains("# TYPE ", "jvm_memory", "kafka_consumer_", "kafka_producer_");
    assertThat(api.get("/v3/api-docs").is(200).json().path("paths").propertyNames())
        .contains("/webhooks/github", DELIVERIES);
    assertThat(api.get("/docs").status()).isIn(200, 302, 307);
  }

  @Test
  void aHostNameThatIsNotAllowedIsRefused(Slipway slipway) {
    Answer answer =
        Upload.exchange(
            "GET",
            slipway.url().resolve(DELIVERIES),
            Map.of("Host", "evil.example", "Authorization", "Bearer " + slipway.token()));

    Answer _ = answer.isProblem(400, "malformed");
  }
}
