package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Commands for sandboxes of a producer that is none of ours, with the schema that the registry
/// has.
@Tag("slow")
@ExtendWith(SharedInstallation.class)
class ForeignCommandsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String EVENTS = "sandbox.events";
  private static final String SCHEMAS = "dev.slipway.schemas.sandbox.";
  private static final Set<String> OF_EACH_ITS_OWN =
      Set.of(
          "sandbox_id",
          "external_id",
          "operation_id",
          "name",
          "created_at",
          "running_at",
          "started_at",
          "finished_at",
          "deadline_at",
          "expires_at",
          "runtime_seconds",
          "duration_ms");

  private static final Set<String> OF_THE_CARETAKER =
      Set.of("GET /v2/sandboxes", "POST /sandboxes/{id}/timeout");

  private static final String OPERATIONS =
      "select operation_id || ' ' || epoch from sandbox.operation order by 1";
  private static final String UNDER_WAY =
      "select operation_id::text from sandbox.operation where finished_at is null";

  @Test
  void whatKafkajsAsksForIsDoneAsWhatIsAskedForOverHttp(Slipway slipway) {
    Sandboxes rest = new Sandboxes(slipway.api());
    Map<String, String> metadata = Map.of("team", "a");
    String line = "echo $SAID; echo err >&2; exit 3";
    String byRest =
        rest.create(
            Map.of(
                "name", "by-rest", "metadata", metadata, "execution_id", "e-1", "squad_id", "s-1"));
    String ranByRest =
        rest.begin(byRest, Map.of("command", line, "environment", Map.of("SAID", "b")));
    JsonNode endedByRest = rest.awaitEnd(ranByRest);
    String user = rest.get(byRest).path("context").path("user_id").asString();

    String byTopic = UUID.randomUUID().toString();
    String ranByTopic = UUID.randomUUID().toString();
    var context = Map.of("user_id", user, "execution_id", "e-1", "squad_id", "s-1");
    JsonNode _ =
        send(
            slipway,
            wish(
                byTopic,
                UUID.randomUUID().toString(),
                context("default", context),
                "CreateSandbox",
                Map.of("name", "by-topic", "metadata", metadata)));
    await()
        .atMost(SOON)
        .until(
            () -> slipway.api().list("/api/v1/sandboxes?name=by-topic&state=RUNNING").size() == 1);
    JsonNode _ =
        send(
            slipway,
            wish(
                byTopic,
                ranByTopic,
                context("default", Map.of()),
                "RunCommand",
                Map.of("command", line, "environment", Map.of("SAID", "b"))));

    await().atMost(SOON).until(() -> find(slipway, ranByTopic));
    JsonNode endedByTopic = rest.awaitEnd(ranByTopic);
    assertThat(common(endedByTopic)).isEqualTo(common(endedByRest));
    assertThat(endedByTopic.path("result").path("exit_code").asInt()).isEqualTo(3);
    assertThat(common(rest.get(byTopic))).isEqualTo(common(rest.get(byRest)));
    for (String stream : List.of("stdout", "stderr")) {
      assertThat(rest.output(ranByTopic, stream)).isEqualTo(rest.output(ranByRest, stream));
    }
    assertThat(rest.output(ranByTopic, "stdout")).isEqualTo("b\n");
    assertThat(events(slipway, byTopic)).isEqualTo(events(slipway, byRest)).hasSize(6);
    assertThat(row(slipway, byTopic)).isEqualTo(row(slipway, byRest));
    assertThat(rest.end(byRest).status()).isEqualTo(202);
    assertThat(rest.end(byTopic).status()).isEqualTo(202);
  }

  @Test
  void whatHasNoIdOrAForeignSchemaIsADeadLetterWithItsCause(Slipway slipway) {
    Map<String, ?> run = Map.of("command", "true");

    JsonNode places =
        send(
            slipway,
            wish(
                UUID.randomUUID().toString(),
                null,
                context("default", Map.of()),
                "RunCommand",
                run),
            JSON.valueToTree(
                Map.of(
                    "key", UUID.randomUUID().toString(),
                    "id", UUID.randomUUID().toString(),
                    "foreign", "a sandbox, please")));

    JsonNode anonymous = letter(slipway, places.path(0).asString());
    JsonNode foreign = letter(slipway, places.path(1).asString());
    assertThat(anonymous.path("cause").asString()).contains("CloudEvents");
    assertThat(foreign.path("cause").asString()).contains("org.example.Wish");
    String[] ids = {anonymous.path("id").asString(), foreign.path("id").asString()};
    assertThat(slipway.command("dlt", "list", "--status", "DEAD").succeeded())
        .contains(ids)
        .contains("sandbox-worker.sandboxes", foreign.path("cause").asString());
    CommandResult _ = slipway.command("dlt", "discard", ids[0], ids[1]).exited(0);
  }

  @Test
  void anotherTenantsSandboxIsNotFoundByTopicAndOverHttpAndNothingIsDone(Slipway slipway) {
    Sandboxes owner = new Sandboxes(slipway.api());
    Sandboxes thief =
        new Sandboxes(slipway.api().as(slipway.token(SharedInstallation.ACME, "sandboxes")));
    String id = owner.create(Map.of());
    List<String> before = events(slipway, id);
    Map<String, String> acme = context(SharedInstallation.ACME, Map.of());

    JsonNode _ =
        send(
            slipway,
            wish(id, UUID.randomUUID().toString(), acme, "RunCommand", Map.of("command", "true")),
            wish(id, UUID.randomUUID().toString(), acme, "TerminateSandbox", Map.of()));
    Answer _ = thief.ask(id, "commands", Map.of("command", "touch x")).isProblem(404, "not_found");
    Answer _ = thief.end(id).isProblem(404, "not_found");

    List<String> after =
        await()
            .atMost(SOON)
            .until(() -> events(slipway, id), now -> now.size() > before.size() + 1);
    assertThat(after.subList(0, before.size())).isEqualTo(before);
    assertThat(after.subList(before.size(), after.size()))
        .containsExactly("sandbox.rejected 1", "sandbox.rejected 2");
    assertThat(
            Sql.of(slipway)
                .strings(
                    """
                    select tenant || ' ' || (position('not_found'::bytea in value) > 0) from sandbox.outbox
                    where record_key = '%s' and ce_type = 'sandbox.rejected'
                    """
                        .formatted(id)))
        .containsExactly("acme true", "acme true");
    assertThat(owner.get(id).path("state").asString()).isEqualTo("RUNNING");
    assertThat(owner.run(id, "ls")).isEmpty();
    assertThat(owner.end(id).status()).isEqualTo(202);
  }

  @Test
  void commandsThatAreReadAgainAreKnownAndAskTheProviderForNothing(Slipway slipway) {
    Sandboxes sandboxes = new Sandboxes(slipway.api());
    String id = UUID.randomUUID().toString();
    String ran = UUID.randomUUID().toString();
    Map<String, String> context = context("default", Map.of());
    JsonNode _ =
        send(
            slipway,
            wish(id, UUID.randomUUID().toString(), context, "CreateSandbox", Map.of()),
            wish(id, ran, context, "RunCommand", Map.of("command", "echo run >> runs")));
    await().atMost(SOON).until(() -> find(slipway, ran));
    assertThat(sandboxes.awaitEnd(ran).path("state").asString()).isEqualTo("SUCCEEDED");
    Sql sql = Sql.of(slipway);
    await().atMost(SOON).until(() -> sql.strings(UNDER_WAY).isEmpty());
    List<String> operations = sql.strings(OPERATIONS);
    Map<String, Integer> calls = calls(slipway);

    JsonNode replay =
        slipway.command("replay", "--stage", "sandbox-worker", "--from", "0", "--json").json();

    assertThat(replay.path("replays").path(0).path("state").asString()).isEqualTo("DONE");
    assertThat(replay.path("seen").asLong()).isGreaterThanOrEqualTo(2);
    assertThat(replay.path("known").asLong())
        .as("%s", replay)
        .isEqualTo(replay.path("seen").asLong());
    JsonNode rebuild =
        slipway
            .command("rebuild", "--stage", "sandbox-worker", "--verify", "--json")
            .exited(0)
            .json();
    assertThat(rebuild.path("rebuilds").path(0).path("differences")).as("%s", rebuild).isEmpty();
    assertThat(rebuild.path("rebuilds").path(0).path("records").asInt()).isPositive();
    assertThat(sql.strings(OPERATIONS)).isEqualTo(operations);
    assertThat(calls(slipway)).isEqualTo(calls).containsKey("POST /v2/sandboxes");
    // what came after the replay would run before this
    assertThat(sandboxes.run(id, "cat runs")).isEqualTo("run\n");
    assertThat(sandboxes.end(id).status()).isEqualTo(202);
  }

  private static Map<String, String> context(String tenant, Map<String, String> more) {
    Map<String, String> context = new HashMap<>(more);
    context.put("tenant", tenant);
    return context;
  }

  private static JsonNode wish(
      String key,
      @Nullable String id,
      Map<String, String> context,
      String type,
      Map<String, ?> body) {
    Map<String, Object> wish = new HashMap<>();
    wish.put("key", key);
    wish.put("value", Map.of("context", context, "body", Map.of(SCHEMAS + type, body)));
    if (id != null) {
      wish.put("id", id);
    }
    return JSON.valueToTree(wish);
  }

  /// Writes them.
  ///
  /// @return where each of them stands: its partition and its offset
  private static JsonNode send(Slipway slipway, JsonNode... records) {
    return Node.run(
        "send-commands.js",
        Map.of(
            "KAFKA_PROPERTIES_FILE", slipway.data().resolve("kafka.properties").toString(),
            "SCHEMA_REGISTRY_URL", slipway.registry(),
            "RECORDS", JSON.writeValueAsString(records)));
  }

  /// What the provider was asked for since it began, and how often; but for what whoever looks
  /// after sandboxes asks all the time.
  private static Map<String, Integer> calls(Slipway slipway) {
    Map<String, Integer> calls = new TreeMap<>();
    Http.send(
            HttpRequest.newBuilder(
                    URI.create(slipway.endpoints().path("e2b").asString() + "/_slipway/calls"))
                .header("X-API-KEY", slipway.file("e2b-api-key"))
                .build())
        .is(200)
        .json()
        .properties()
        .forEach(route -> calls.put(route.getKey(), route.getValue().asInt()));
    calls.keySet().removeAll(OF_THE_CARETAKER);
    return calls;
  }

  private static boolean find(Slipway slipway, String operation) {
    return slipway.api().get("/api/v1/operations/" + operation).status() == 200;
  }

  /// The dead letter of the command that stands there.
  private static JsonNode letter(Slipway slipway, String place) {
    return await()
        .atMost(SOON)
        .until(
            () ->
                slipway.api().list("/api/v1/admin/dead-letters?status=DEAD&limit=200").stream()
                    .filter(letter -> letter.path("topic").asString().equals("sandbox.commands"))
                    .filter(letter ->
                        place.equals(
                            letter.path("partition").asInt()
                                + " "
                                + letter.path("offset").asLong()))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  /// Types and numbers of what was published under a key.
  private static List<String> events(Slipway slipway, String key) {
    return slipway.log().read(EVENTS).stream()
        .filter(record -> new String(record.key(), UTF_8).equals(key))
        .map(record ->
            new String(record.headers().lastHeader("ce_type").value(), UTF_8)
                + " "
                + new String(record.headers().lastHeader("ce_sequence").value(), UTF_8))
        .toList();
  }

  private static List<String> row(Slipway slipway, String id) {
    return Sql.of(slipway)
        .strings(
            """
            select concat_ws(' ', tenant, version, status, template, metadata, execution_id, squad_id, agent_id)
            from sandbox.sandbox where sandbox_id = '%s'
            """
                .formatted(id));
  }

  /// An answer without what is different of two that came to the same.
  private static JsonNode common(JsonNode answer) {
    if (answer instanceof ObjectNode object) {
      var _ = object.remove(OF_EACH_ITS_OWN);
      for (JsonNode child : object) {
        var _ = common(child);
      }
    }
    return answer;
  }
}
