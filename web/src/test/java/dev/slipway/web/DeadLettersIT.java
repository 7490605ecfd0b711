package dev.slipway.web;

import static dev.slipway.web.ProblemsIT.expectProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.embedded.SharedPostgres;
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
import dev.slipway.pipeline.stage.Stages;
import dev.slipway.pipeline.stage.Table;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.Topic;
import dev.slipway.web.admin.AdminConfiguration;
import dev.slipway.web.security.Scope;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.BodyContentSpec;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

class DeadLettersIT {
  private static final String PATH = "/api/v1/admin/dead-letters";

  private static TestService service;
  private static Database database;

  @BeforeAll
  static void start() {
    service =
        TestService.start(
            TwoStages.class, "--slipway.database.url=" + SharedPostgres.newDatabase());
    database = service.bean(Database.class);
    for (String stage : List.of("things.one", "things.two")) {
      update("insert into stage (name) values ('%s')".formatted(stage));
    }
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @BeforeEach
  void forget() {
    update("delete from dead_letter");
  }

  @Test
  void theListIsInTheOrderOfArrivalAndComesInPages() {
    UUID first = put("things.two", "DEAD", "a");
    UUID second = put("things.one", "DEAD", "b");
    UUID third = put("things.one", "PARKED", "b");

    String body =
        String.valueOf(
            request("?limit=2").expectBody(String.class).returnResult().getResponseBody());

    assertThat(ids(body)).containsExactly(first, second);
    String cursor = body.replaceAll(".*\"next_cursor\":\"([^\"]+)\".*", "$1");
    get("?limit=2&cursor=" + cursor)
        .jsonPath("$.items[*].id")
        .isEqualTo(List.of(third.toString()))
        .jsonPath("$.next_cursor")
        .isEmpty();
    assertThat(body)
        .contains("\"offset\":7", "\"partition\":1", "\"value_bytes\":4711", "\"cause\":\"bug\"")
        .doesNotContain("headers");
  }

  @Test
  void theListIsOfAStageAndAStatus() {
    UUID dead = put("things.one", "DEAD", "a");
    UUID parked = put("things.one", "PARKED", "a");
    UUID other = put("things.two", "DEAD", "a");

    get("?stage=things.one").jsonPath("$.items[*].id").isEqualTo(texts(dead, parked));
    get("?stage=things&status=DEAD").jsonPath("$.items[*].id").isEqualTo(texts(dead, other));
    get("?status=REQUEUED").jsonPath("$.items").isEmpty();
  }

  @Test
  void oneIsShownWithItsHeadersAndWhatItWaitsBehind() {
    UUID dead = put("things.one", "DEAD", "a");
    UUID parked = put("things.one", "PARKED", "a");

    get("/" + parked)
        .jsonPath("$.behind")
        .isEqualTo(dead.toString())
        .jsonPath("$.headers[0].name")
        .isEqualTo("ce_type")
        .jsonPath("$.headers[0].value")
        .isEqualTo("thing.told");
    get("/" + dead).jsonPath("$.behind").isEmpty();
  }

  @Test
  void aDeadOneIsRequeuedAndAsOftenAsOneLikes() {
    UUID dead = put("things.one", "DEAD", "a");

    for (int n = 0; n < 2; n++) {
      post(dead, "requeue", null)
          .expectStatus()
          .isAccepted()
          .expectBody()
          .jsonPath("$.status")
          .isEqualTo("REQUEUED");
    }

    assertThat(statuses()).containsExactly("REQUEUED");
  }

  @Test
  void underItsKeyARequestIsAnsweredThoughTheRecordIsGone() {
    UUID dead = put("things.one", "DEAD", "a");

    for (int n = 0; n < 2; n++) {
      post(dead, "discard", "k")
          .expectStatus()
          .isOk()
          .expectBody()
          .jsonPath("$.id")
          .isEqualTo(dead.toString());
    }

    assertThat(statuses()).isEmpty();
    expectProblem(post(dead, "discard", null), 404, "not_found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"requeue", "discard"})
  void aParkedOneGoesWhenTheOneBeforeItDoes(String what) {
    UUID dead = put("things.one", "DEAD", "a");
    UUID parked = put("things.one", "PARKED", "a");

    expectProblem(post(parked, what, null), 409, "illegal_state")
        .jsonPath("$.detail")
        .value(String.class, detail -> assertThat(detail).contains(dead.toString()));

    assertThat(statuses()).containsExactly("DEAD", "PARKED");
  }

  @Test
  void oneThatWaitsInTwoStagesIsNamedWithItsStage() {
    UUID id = Ids.fresh();
    put(id, "things.one", "DEAD", "a");
    put(id, "things.two", "DEAD", "a");

    expectProblem(request("/" + id), 422, "invalid");
    expectProblem(post(id, "discard", null), 422, "invalid");
    get("/" + id + "?stage=things.two").jsonPath("$.stage").isEqualTo("things.two");
    post(id, "discard?stage=things.two", null).expectStatus().isOk();

    get("/" + id).jsonPath("$.stage").isEqualTo("things.one");
  }

  @Test
  void whatIsNotThereIsSaidSo() {
    expectProblem(request("/" + Ids.fresh()), 404, "not_found");
    expectProblem(post(Ids.fresh(), "requeue", "other"), 404, "not_found");
    expectProblem(request("?stage=nothing"), 422, "invalid");
    expectProblem(request("?status=ALIVE"), 422, "invalid");
    expectProblem(request("?cursor=x"), 422, "invalid");
    expectProblem(request("/x"), 400, "malformed");
  }

  @Test
  void itTakesAnOperator() {
    UUID dead = put("things.one", "DEAD", "a");
    String tenant = service.token("acme", "alice", Scope.ADMIN);
    String scope = service.token("default", "alice", Scope.TASKS);

    for (String token : List.of(tenant, scope)) {
      WebTestClient client =
          service
              .anonymous()
              .mutate()
              .defaultHeaders(headers -> headers.setBearerAuth(token))
              .build();
      expectProblem(client.get().uri(PATH).exchange(), 403, "forbidden");
      expectProblem(client.post().uri(PATH + "/" + dead + "/discard").exchange(), 403, "forbidden");
    }
    assertThat(statuses()).containsExactly("DEAD");
  }

  private static List<UUID> ids(String body) {
    return Pattern.compile("\"id\":\"([^\"]+)\"")
        .matcher(body)
        .results()
        .map(found -> UUID.fromString(found.group(1)))
        .toList();
  }

  private static List<String> texts(UUID... ids) {
    return Stream.of(ids).map(UUID::toString).toList();
  }

  private static UUID put(String stage, String status, String lane) {
    UUID id = Ids.fresh();
    put(id, stage, status, lane);
    return id;
  }

  private static void put(UUID id, String stage, String status, String lane) {
    update(
        """
        insert into dead_letter (stage_id, ce_id, topic, partition, topic_id, record_offset, status, lanes, cause,
          ce_type, value_bytes, headers)
        select stage_id, '%s', 't', 1, 'id', 7, '%s', '{%s}', 'bug', 'thing.told', 4711,
          '[{"name": "ce_type", "value": "thing.told"}]'
        from stage where name = '%s'
        """
            .formatted(id, status, lane, stage));
  }

  private static void update(String sql) {
    int _ = database.inStage(transaction -> transaction.update(sql));
  }

  private static List<String> statuses() {
    return database.inStage(transaction ->
        transaction.query(
            "select status from dead_letter order by letter_no",
            row -> Columns.required(row, "status", String.class)));
  }

  private static BodyContentSpec get(String what) {
    return request(what).expectStatus().isOk().expectBody();
  }

  private static ResponseSpec request(String what) {
    return operator().get().uri(PATH + what).exchange();
  }

  private static ResponseSpec post(UUID id, String what, @Nullable String key) {
    return operator()
        .post()
        .uri(PATH + "/" + id + "/" + what)
        .headers(headers -> {
          if (key != null) {
            headers.set("Idempotency-Key", key);
          }
        })
        .exchange();
  }

  private static WebTestClient operator() {
    return service
        .anonymous()
        .mutate()
        .defaultHeaders(
            headers -> headers.setBearerAuth(service.token("default", "alice", Scope.ADMIN)))
        .build();
  }

  /// Two stages of one schema that do not run.
  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties({DatabaseProperties.class, StageProperties.class})
  @Import(AdminConfiguration.class)
  static class TwoStages {
    @Bean
    Database database(DatabaseProperties properties) {
      Migrations.migrate(properties, "orders");
      return Database.of(properties, "orders");
    }

    @Bean
    Stages stages(Database database, StageProperties properties) {
      return new Stages(
          List.of(
              runner("things.one", database, properties),
              runner("things.two", database, properties)));
    }

    private static StageRunner<?, ?, ?> runner(
        String name, Database database, StageProperties properties) {
      var topic = new Topic(name, "a key", "text", 1, Optional.empty(), false, 1_048_576, false);
      return new StageRunner<>(
          Stage.named(
                  name, new Nothing(), Table.of("thing", "id", "uuid", text -> text, text -> text))
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

  private static final class Nothing implements Decider<String, String, String> {
    @Override
    public String initial() {
      return "";
    }

    @Override
    public Decision<String> decide(String state, String input) {
      return Decision.nothing();
    }

    @Override
    public String evolve(String state, Numbered<String> event) {
      return state;
    }
  }
}
