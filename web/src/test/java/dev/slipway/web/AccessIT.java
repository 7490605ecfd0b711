package dev.slipway.web;

import static dev.slipway.web.ProblemsIT.expectProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.web.security.Scope;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

class AccessIT {
  private static TestService service;

  @BeforeAll
  static void start() {
    service =
        TestService.start(
            "--slipway.web.hosts=slipway.example.com",
            "--slipway.web.cors-origins=https://console.example.com",
            "--slipway.web.requests-per-second=20");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/things", "/api/v1/unnamed", "/api/v1/nothing", "/api/v1/admin"})
  void everythingUnderApiNeedsAToken(String path) {
    ResponseSpec answer = service.anonymous().get().uri(path).exchange();

    answer.expectHeader().valueEquals("WWW-Authenticate", "Bearer realm=\"slipway\"");
    expectProblem(answer, 401, "unauthenticated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer nonsense", "Bearer a.b.c", "Bearer ", "Basic YTpi", "bearer"})
  void aTokenThatIsNoneIsUnauthenticated(String authorization) {
    ResponseSpec answer =
        service
            .anonymous()
            .get()
            .uri("/api/v1/things")
            .header(HttpHeaders.AUTHORIZATION, authorization)
            .exchange();

    answer.expectHeader().valueMatches("WWW-Authenticate", "Bearer realm=\"slipway\".*");
    expectProblem(answer, 401, "unauthenticated");
  }

  @Test
  void aTokenInTheAddressIsNotLookedAt() {
    String token = service.token("acme", "alice", Scope.TASKS);

    expectProblem(
        service.anonymous().get().uri("/api/v1/things?access_token=" + token).exchange(),
        401,
        "unauthenticated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/open/hello", "/health", "/healthz", "/readyz", "/metrics"})
  void openPathsNeedNoTokenAndLookAtNone(String path) {
    service.anonymous().get().uri(path).exchange().expectStatus().isOk();
    service
        .anonymous()
        .get()
        .uri(path)
        .header(HttpHeaders.AUTHORIZATION, "Bearer nonsense")
        .exchange()
        .expectStatus()
        .isOk();
  }

  @Test
  void aPathWithoutRuleNeedsJustAToken() {
    service.as().get().uri("/api/v1/unnamed").exchange().expectStatus().isOk();
  }

  @Test
  void whatIsAboutAllTenantsNeedsTheScopeAndTheOperatorsTenant() {
    expectProblem(admin("acme", Scope.ADMIN), 403, "forbidden");
    expectProblem(admin("Default", Scope.values()), 403, "forbidden");
    expectProblem(admin("default", Scope.TASKS), 403, "forbidden");
    expectProblem(admin("default", Scope.ADMIN), 404, "not_found");
  }

  private static ResponseSpec admin(String tenant, Scope... scopes) {
    return service
        .anonymous()
        .get()
        .uri("/api/v1/admin/stages")
        .headers(headers -> headers.setBearerAuth(service.token(tenant, "alice", scopes)))
        .exchange();
  }

  @ParameterizedTest
  @CsvSource({
    "localhost,                200",
    "LOCALHOST:1,              200",
    "127.0.0.1:8080,           200",
    "[::1]:8080,               200",
    "slipway.example.com,      200",
    "evil.example.com,         400",
    "slipway.example.com.evil, 400",
    "localhost:80:80,          400",
    "localhost@evil,           400",
    "'',                       400",
  })
  void onlyOurHostsAreServed(String host, int status) {
    String answer =
        service.raw("GET /open/hello HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 " + status);
  }

  @Test
  void twoHostsOrNoneAreRefusedButProbesAreNot() {
    String close = "Connection: close\r\n\r\n";

    assertThat(service.raw("GET /open/hello HTTP/1.1\r\n" + close)).startsWith("HTTP/1.1 400");
    assertThat(service.raw("GET /open/hello HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n" + close))
        .startsWith("HTTP/1.1 400");
    assertThat(service.raw("GET http://evil/open/hello HTTP/1.1\r\nHost: evil\r\n" + close))
        .startsWith("HTTP/1.1 400");
    assertThat(service.raw("GET /readyz HTTP/1.1\r\nHost: 10.0.0.7:8080\r\n" + close))
        .startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost/open/hello,         localhost,         200",
    "http://LOCALHOST/open/hello?a=/b,    localhost,         200",
    "http://localhost:1/open/hello,       localhost:1,       200",
    "http://slipway.example.com/nothing,  slipway.example.com, 404",
    "http://slipway.example.com/open/hello, localhost,       400",
    "http://evil/open/hello,              localhost,         400",
    "http://localhost@evil/open/hello,    localhost,         400",
    "http://localhost/open/hello,         evil,              400",
    "http://evil/readyz,                  localhost,         200",
  })
  void aRequestTargetOfAnotherHostIsRefused(String target, String host, int status) {
    String answer =
        service.raw(
            "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 " + status);
  }

  @Test
  void twoAuthorizationHeadersAreRefusedOnEveryPath() {
    String token = "Authorization: Bearer " + service.token("acme", "alice", Scope.TASKS) + "\r\n";
    for (String path : new String[] {"/api/v1/things", "/open/hello", "/nothing", "/readyz"}) {
      String head = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";

      assertThat(service.raw(head + token + token + "\r\n"))
          .startsWith("HTTP/1.1 400 ")
          .contains("\"code\":\"malformed\"");
    }
  }

  @Test
  void http10NeedsNoHostAndGetsNoChunks() {
    String body = "\r\n\r\nhello";
    String chunks = "2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n";

    assertThat(service.raw("GET /open/hello HTTP/1.0\r\n\r\n")).contains(" 200 ").endsWith(body);
    assertThat(service.raw("GET /open/hello HTTP/1.0\r\nHost: evil\r\n\r\n")).contains(" 400 ");
    assertThat(service.raw("GET /open/parts HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"))
        .contains(" 200 ")
        .doesNotContainIgnoringCase("transfer-encoding")
        .endsWith("\r\n\r\nabcd");
    assertThat(
            service.raw("GET /open/parts HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .endsWith(chunks);
  }

  @Test
  void everyAnswerCarriesTheSecurityHeaders() {
    for (String path : new String[] {"/open/hello", "/nothing", "/api/v1/things"}) {
      service
          .anonymous()
          .get()
          .uri(path)
          .exchange()
          .expectHeader()
          .valueEquals("X-Content-Type-Options", "nosniff")
          .expectHeader()
          .valueEquals("X-Frame-Options", "DENY")
          .expectHeader()
          .valueEquals("Referrer-Policy", "no-referrer")
          .expectHeader()
          .valueEquals("Cache-Control", "no-store")
          .expectHeader()
          .valueMatches("Content-Security-Policy", "default-src 'none'.*");
    }
  }

  @Test
  void listedOriginMayReadAlsoErrors() {
    String origin = "https://console.example.com";

    preflight(origin)
        .expectStatus()
        .isOk()
        .expectHeader()
        .valueEquals("Access-Control-Allow-Origin", origin);
    service
        .anonymous()
        .get()
        .uri("/api/v1/things")
        .header("Origin", origin)
        .exchange()
        .expectStatus()
        .isUnauthorized()
        .expectHeader()
        .valueEquals("Access-Control-Allow-Origin", origin);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://evil.example.com", "null", "http://console.example.com"})
  void otherOriginIsRefused(String origin) {
    ResponseSpec answer = preflight(origin);

    answer.expectHeader().doesNotExist("Access-Control-Allow-Origin");
    expectProblem(answer, 403, "forbidden");
  }

  @Test
  void callerBeyondTheLimitWaitsAndOthersDoNot() {
    var eager =
        service
            .anonymous()
            .mutate()
            .defaultHeaders(
                headers -> headers.setBearerAuth(service.token("acme", "eager", Scope.TASKS)))
            .build();

    ResponseSpec refused =
        Stream.generate(() -> eager.get().uri("/api/v1/things").exchange())
            .limit(200)
            .filter(AccessIT::isProblem)
            .findFirst()
            .orElseThrow();

    refused.expectHeader().valueEquals("Retry-After", "1");
    expectProblem(refused, 429, "rate_limited");
    service.as(Scope.TASKS).get().uri("/api/v1/things").exchange().expectStatus().isOk();
  }

  @Test
  void aControllerThatNoRuleNamesStopsTheStart() {
    assertThatThrownBy(() -> TestService.start(ForgottenController.class))
        .hasMessageContaining("no AccessRule names /forgotten");
  }

  private static boolean isProblem(ResponseSpec answer) {
    AtomicBoolean problem = new AtomicBoolean();
    answer.expectStatus().value(status -> problem.set(status >= 400));
    return problem.get();
  }

  private static ResponseSpec preflight(String origin) {
    return service
        .anonymous()
        .options()
        .uri("/api/v1/things")
        .header("Origin", origin)
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "authorization, idempotency-key")
        .exchange();
  }

  @RestController
  static class ForgottenController {
    @GetMapping("/forgotten")
    String forgotten() {
      return "secret";
    }
  }
}
