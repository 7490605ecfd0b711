package dev.slipway.web;

import static dev.slipway.web.ProblemsIT.expectProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.publish.Wakeup;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.pipeline.stage.Stage;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pipeline.stage.Table;
import dev.slipway.schemas.Topic;
import dev.slipway.web.security.AccessRule;
import dev.slipway.web.security.Caller;
import dev.slipway.web.security.Scope;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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
import tools.jackson.databind.json.JsonMapper;

/// A controller that asks a stage.
class StageRequestsIT {
  private static final int MAX_WAITING = 2;

  private static TestService service;
  private static Database database;

  @BeforeAll
  static void start() {
    service =
        TestService.start(
            CounterConfiguration.class,
            "--slipway.database.url=" + SharedPostgres.newDatabase(),
            "--slipway.stage.max-waiting=" + MAX_WAITING);
    database = service.bean(Database.class);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @BeforeEach
  void forget() {
    int _ = database.inStage(transaction -> transaction.update("delete from counter"));
  }

  @Test
  void aKeyIsDecidedOnceAndAnsweredAlike() {
    String first = accepted(post("acme", "once", "a", 3));
    String second = accepted(post("acme", "once", "a", 3));
    String other = accepted(post("acme", "other", "a", 3));

    assertThat(List.of(first, second, other))
        .containsExactly(
            "{\"name\":\"a\",\"total\":3}",
            "{\"name\":\"a\",\"total\":3}",
            "{\"name\":\"a\",\"total\":6}");
    assertThat(totals()).containsExactly("a 6");
  }

  @Test
  void withoutKeyEachRequestIsDecided() {
    accepted(post("acme", null, "a", 3));
    accepted(post("acme", null, "a", 3));

    assertThat(totals()).containsExactly("a 6");
  }

  @Test
  void anotherBodyUnderTheSameKeyIsRefused() {
    accepted(post("acme", "reuse", "a", 3));

    expectProblem(post("acme", "reuse", "a", 4), 422, "key_reused");

    assertThat(totals()).containsExactly("a 3");
  }

  @Test
  void whatCannotBeChangesNothingAndItsKeyMayBeUsedAgain() {
    expectProblem(post("acme", "again", "a", 1_001), 409, "illegal_state");
    assertThat(totals()).isEmpty();

    accepted(post("acme", "again", "a", 1_000));
  }

  @Test
  void aNameThatAnotherTenantHasIsAConflict() {
    accepted(post("acme", null, "taken", 1));

    expectProblem(post("umbrella", null, "taken", 1), 409, "conflict");

    assertThat(totals()).containsExactly("taken 1");
  }

  @Test
  void aBugIsOursAndNothingHasHappened() {
    expectProblem(post("acme", "bug", "a", -1), 500, "internal");

    assertThat(totals()).isEmpty();
    accepted(post("acme", "bug", "a", 1));
  }

  @Test
  void whileTheFirstRunsItsKeyIsInUseAndItIsAnsweredOnceItIsCommitted() {
    var held = new Held();
    CompletableFuture<ResponseSpec> first = async(() -> post("acme", "busy", "a", 3));
    held.awaitOneThatWaits();

    expectProblem(post("acme", "busy", "a", 3), 409, "key_in_use");
    assertThat(first).isNotDone();

    held.release();
    var answered = accepted(first.join());
    assertThat(accepted(post("acme", "busy", "a", 3))).isEqualTo(answered);
    assertThat(totals()).containsExactly("a 3");
  }

  @Test
  void moreThanMayWaitAreUnavailableAndTheRestIsAnswered() throws InterruptedException {
    var held = new Held();
    CompletableFuture<ResponseSpec> first = async(() -> post("acme", "n", "a", 1));
    held.awaitOneThatWaits();

    var answers = new LinkedBlockingQueue<ResponseSpec>();
    for (int number = 0; number <= MAX_WAITING; number++) {
      String key = "n" + number;
      var _ = async(() -> answers.add(post("acme", key, "a", 1)));
    }
    // those that wait are not answered before the table is free
    ResponseSpec refused = answers.take();
    expectProblem(refused, 503, "unavailable");
    refused.expectHeader().valueEquals("Retry-After", "1");
    held.release();
    accepted(first.join());
    for (int number = 0; number < MAX_WAITING; number++) {
      accepted(answers.take());
    }
    assertThat(totals()).containsExactly("a 3");
  }

  private static <T> CompletableFuture<T> async(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, task -> Thread.ofVirtual().start(task));
  }

  /// The stage's table in the hands of another transaction.
  private static final class Held {
    private final CountDownLatch locked = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final CompletableFuture<Integer> done = async(this::hold);

    private int hold() {
      return database.inStage(transaction -> {
        int answer = transaction.update("lock table counter in access exclusive mode");
        locked.countDown();
        awaitQuietly(released);
        return answer;
      });
    }

    /// Until the stage waits for it.
    void awaitOneThatWaits() {
      awaitQuietly(locked);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() ->
              database
                  .inStage(transaction ->
                      transaction.query(
                          """
                          select count(*) as n from pg_locks l join pg_database d on d.oid = l.database
                          where not granted and relation = 'counter'::regclass and datname = current_database()
                          """,
                          row -> Columns.required(row, "n", Long.class)))
                  .contains(1L));
    }

    void release() {
      released.countDown();
      int _ = done.join();
    }

    private static void awaitQuietly(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private static ResponseSpec post(String tenant, @Nullable String key, String name, int more) {
    return service
        .anonymous()
        .post()
        .uri("/api/v1/counters")
        .headers(headers -> {
          headers.setBearerAuth(service.token(tenant, "alice", Scope.TASKS));
          headers.set("Content-Type", "application/json");
          if (key != null) {
            headers.set("Idempotency-Key", key);
          }
        })
        .bodyValue("{\"name\": \"%s\", \"more\": %d}".formatted(name, more))
        .exchange();
  }

  private static String accepted(ResponseSpec answer) {
    answer.expectStatus().isAccepted();
    answer.expectHeader().valueMatches("Location", "/api/v1/counters/[a-z]+");
    answer.expectHeader().contentType("application/json");
    return String.valueOf(answer.expectBody(String.class).returnResult().getResponseBody());
  }

  private static List<String> totals() {
    return database.inStage(transaction ->
        transaction.query(
            "select name || ' ' || (state->>'total') as v from counter order by name",
            row -> Columns.required(row, "v", String.class)));
  }

  record Counter(int total) {}

  record Count(String name, int more) {}

  record Counted(int more) {}

  record CounterView(String name, int total) {}

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties({DatabaseProperties.class, StageProperties.class})
  @Import(CounterController.class)
  static class CounterConfiguration {
    @Bean
    Database database(DatabaseProperties properties) {
      Migrations.migrate(properties, "orders");
      return Database.of(properties, "orders");
    }

    @Bean
    AccessRule access() {
      return AccessRule.needs(Scope.TASKS, "/api/v1/counters");
    }

    /// No record ever comes: there is no Kafka.
    @Bean
    StageRunner<Counter, Count, Counted> counters(Database database, StageProperties properties) {
      var topic =
          new Topic("counts", "a name", "text", 1, Optional.empty(), false, 1_048_576, false);
      JsonMapper json = JsonMapper.shared();
      return new StageRunner<>(
          Stage.named(
                  "orders.counters",
                  new Limit(),
                  Table.<Counter, Count, Counted>of(
                          "counter",
                          "name",
                          "text",
                          json::writeValueAsString,
                          text -> json.readValue(text, Counter.class))
                      .uniqueOverTenants())
              .reads(topic, (_, _) -> Optional.empty())
              .deadLetters(topic),
          new ServiceSchema("orders", database, new Wakeup()),
          TestService.withoutKafka(),
          properties,
          new SimpleMeterRegistry(),
          Traces.none(),
          Clock.systemUTC());
    }
  }

  /// Counts up to a limit; has a bug below zero.
  private static final class Limit implements Decider<Counter, Count, Counted> {
    @Override
    public Counter initial() {
      return new Counter(0);
    }

    @Override
    public Decision<Counted> decide(Counter counter, Count count) {
      if (count.more < 0) {
        throw new IllegalStateException("a bug");
      }
      return counter.total + count.more > 1_000
          ? Decision.rejection()
          : Decision.of(new Counted(count.more));
    }

    @Override
    public Counter evolve(Counter counter, Numbered<Counted> event) {
      return new Counter(counter.total + event.event().more);
    }
  }

  @RestController
  static class CounterController {
    // a test need not wait for five seconds
    private final IdempotentRequests requests =
        new IdempotentRequests(JsonMapper.shared(), Duration.ofMillis(100));
    private final StageRunner<Counter, Count, Counted> counters;

    CounterController(StageRunner<Counter, Count, Counted> counters) {
      this.counters = counters;
    }

    @PostMapping("/api/v1/counters")
    Mono<ResponseEntity<String>> post(
        ServerWebExchange exchange,
        @AuthenticationPrincipal Caller caller,
        @RequestBody Count count) {
      return requests.ask(
          counters,
          IdempotentRequest.of(exchange, caller, count),
          _ -> new AggregateId(caller.tenant(), count.name),
          _ -> count,
          decided -> {
            if (decided.rejected()) {
              throw new ApiException(ErrorCode.ILLEGAL_STATE, "It counts to 1,000.");
            }
            return ResponseEntity.accepted()
                .location(URI.create("/api/v1/counters/" + count.name))
                .body(new CounterView(count.name, decided.state().total));
          });
    }
  }
}
