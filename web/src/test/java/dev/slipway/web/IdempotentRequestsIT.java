package dev.slipway.web;

import static dev.slipway.web.ProblemsIT.expectProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.schemas.Ids;
import dev.slipway.web.security.AccessRule;
import dev.slipway.web.security.Caller;
import dev.slipway.web.security.Scope;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class IdempotentRequestsIT {
  private static final AtomicInteger EFFECTS = new AtomicInteger();

  /// What follows from the key of the request that asks for it.
  private static final UUID DRAWN = Ids.request("acme", "alice", "POST /api/v1/orders", "drawn");

  private static TestService service;

  @BeforeAll
  static void start() {
    service =
        TestService.start(
            OrderConfiguration.class, "--slipway.database.url=" + SharedPostgres.newDatabase());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @BeforeEach
  void forget() {
    EFFECTS.set(0);
  }

  @Test
  void repetitionGetsTheFirstAnswerAndHasNoEffect() {
    String first = accepted(post("alice", "repeat", "{\"name\": \"a\", \"count\": 1}"));
    String second = accepted(post("alice", "repeat", "{ \"count\":1, \"name\":\"a\" }"));

    assertThat(second).isEqualTo(first).contains("\"name\":\"a\"");
    assertThat(EFFECTS).hasValue(1);
  }

  @Test
  void effectsGetAnIdThatIsDrawnAndKeptAndDoesNotFollowFromTheKey() {
    String answer = accepted(post("alice", "drawn", "{\"name\": \"a\"}"));

    List<UUID> kept =
        service
            .bean(Database.class)
            .inStage(transaction ->
                transaction.query(
                    "select request_id from http_request where key_id = ?",
                    row -> Columns.required(row, "request_id", UUID.class),
                    DRAWN));
    assertThat(kept)
        .singleElement()
        .satisfies(id -> assertThat(answer).contains(id.toString()))
        .isNotEqualTo(DRAWN);
  }

  @Test
  void anotherBodyUnderTheSameKeyIsRefused() {
    accepted(post("alice", "reuse", "{\"name\": \"a\"}"));

    expectProblem(post("alice", "reuse", "{\"name\": \"b\"}"), 422, "key_reused");
    assertThat(EFFECTS).hasValue(1);
  }

  @Test
  void keyBelongsToItsCallerAndPath() {
    String alice = accepted(post("alice", "shared", "{\"name\": \"a\"}"));
    String bob = accepted(post("bob", "shared", "{\"name\": \"a\"}"));

    assertThat(bob).isNotEqualTo(alice);
    assertThat(EFFECTS).hasValue(2);
  }

  @Test
  void withoutKeyEachRequestHasItsEffect() {
    String first = accepted(post("alice", null, "{\"name\": \"a\"}"));
    String second = accepted(post("alice", null, "{\"name\": \"a\"}"));

    assertThat(second).isNotEqualTo(first);
    assertThat(EFFECTS).hasValue(2);
  }

  @Test
  void failureIsNotKept() {
    expectProblem(post("alice", "fails", "{\"name\": \"fail\"}"), 409, "illegal_state");
    expectProblem(post("alice", "fails", "{\"name\": \"fail\"}"), 409, "illegal_state");
    assertThat(EFFECTS).hasValue(2);

    accepted(post("alice", "fails", "{\"name\": \"a\"}"));
  }

  @Test
  void whileTheFirstRunsItsKeyIsInUse() throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    OrderController.entered = running;
    OrderController.release = release;
    Thread first =
        Thread.ofVirtual().start(() -> accepted(post("alice", "busy", "{\"name\": \"wait\"}")));
    running.await();

    expectProblem(post("alice", "busy", "{\"name\": \"wait\"}"), 409, "key_in_use");

    release.countDown();
    first.join();
    accepted(post("alice", "busy", "{\"name\": \"wait\"}"));
    assertThat(EFFECTS).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 256})
  void keyMustHave1To255Characters(int length) {
    expectProblem(post("alice", "k".repeat(length), "{\"name\": \"a\"}"), 422, "invalid")
        .jsonPath("$.errors[0].field")
        .isEqualTo("Idempotency-Key");
    assertThat(EFFECTS).hasValue(0);
  }

  @Test
  void longestKeyIsAccepted() {
    accepted(post("alice", "k".repeat(255), "{\"name\": \"a\"}"));
  }

  @Test
  void oldAnswersAreDeletedAndYoungOnesKept() {
    accepted(post("alice", "kept", "{\"name\": \"a\"}"));
    Database database = service.bean(Database.class);

    int young = StoredAnswer.deleteOlderThan(database, Duration.ofHours(1));
    int old = StoredAnswer.deleteOlderThan(database, Duration.ZERO);

    assertThat(young).isZero();
    assertThat(old).isPositive();
  }

  private static ResponseSpec post(String subject, @Nullable String key, String body) {
    return service
        .anonymous()
        .post()
        .uri("/api/v1/orders")
        .headers(headers -> {
          headers.setBearerAuth(service.token("acme", subject, Scope.TASKS));
          headers.set("Content-Type", "application/json");
          if (key != null) {
            headers.set("Idempotency-Key", key);
          }
        })
        .bodyValue(body)
        .exchange();
  }

  private static String accepted(ResponseSpec answer) {
    answer.expectStatus().isAccepted();
    answer.expectHeader().valueMatches("Location", "/api/v1/orders/[0-9a-f-]{36}");
    answer.expectHeader().contentType("application/json");
    return String.valueOf(answer.expectBody(String.class).returnResult().getResponseBody());
  }

  record Order(String name, @Nullable Integer count) {}

  record Accepted(UUID orderId, String name) {}

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(DatabaseProperties.class)
  @Import(OrderController.class)
  static class OrderConfiguration {
    @Bean
    Database database(DatabaseProperties properties) {
      Migrations.migrate(properties, "orders");
      return Database.of(properties, "orders");
    }

    @Bean
    AccessRule access() {
      return AccessRule.needs(Scope.TASKS, "/api/v1/orders");
    }
  }

  @RestController
  static class OrderController {
    static volatile CountDownLatch entered = new CountDownLatch(0);
    static volatile CountDownLatch release = new CountDownLatch(0);

    private final IdempotentRequests requests;
    private final Database database;

    OrderController(IdempotentRequests requests, Database database) {
      this.requests = requests;
      this.database = database;
    }

    @PostMapping("/api/v1/orders")
    Mono<ResponseEntity<String>> post(
        ServerWebExchange exchange,
        @AuthenticationPrincipal Caller caller,
        @RequestBody Order order) {
      return requests.once(
          database,
          IdempotentRequest.of(exchange, caller, order),
          (client, id) ->
              client
                  .sql("insert into order_effect values ($1)")
                  .bind(0, id)
                  .then()
                  .then(
                      Mono.fromCallable(() -> effect(order, id))
                          .subscribeOn(Schedulers.boundedElastic())));
    }

    private static ResponseEntity<?> effect(Order order, UUID id) throws InterruptedException {
      EFFECTS.incrementAndGet();
      if (order.name().equals("fail")) {
        throw new ApiException(ErrorCode.ILLEGAL_STATE, "It failed.");
      }
      if (order.name().equals("wait")) {
        entered.countDown();
        release.await();
      }
      return ResponseEntity.accepted()
          .location(URI.create("/api/v1/orders/" + id))
          .body(new Accepted(id, order.name()));
    }
  }
}
