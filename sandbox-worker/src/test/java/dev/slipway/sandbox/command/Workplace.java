package dev.slipway.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.locale2b.LocalE2b;
import dev.slipway.locale2b.LocalE2bSettings;
import dev.slipway.locale2b.box.BubblewrapBoxes;
import dev.slipway.locale2b.box.NetworkSettings;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.sandbox.SandboxWorkerApplication;
import dev.slipway.sandbox.SandboxWorkerConfiguration;
import dev.slipway.sandbox.TestSandboxWorker;
import dev.slipway.sandbox.provider.CreateRequest;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.NetworkAccess;
import dev.slipway.sandbox.provider.ProcessEvent.Channel;
import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.sandbox.sandbox.SandboxRows;
import dev.slipway.web.security.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A local provider of sandboxes, the API of the service in this process, and workers in this one
/// or in processes of their own, which can be killed.
final class Workplace implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ORPHAN_AGE = "15s";
  private static final String KEY = "e2b_" + "0".repeat(40);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path directory;
  private LocalE2b provider;
  private final TestSandboxWorker service;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Deque<Process> workers = new ArrayDeque<>();
  private final Deque<ConfigurableApplicationContext> successors = new ArrayDeque<>();

  /// @param worksHere whether this process makes operations too
  /// @param more settings of this process
  Workplace(Path directory, boolean worksHere, String... more) {
    this.directory = directory;
    this.provider = provider(0);
    List<String> settings = new ArrayList<>(settings());
    settings.add("--slipway.sandbox.orphan-age=" + ORPHAN_AGE);
    if (!worksHere) {
      settings.add("--slipway.worker.concurrency=0");
    }
    settings.addAll(List.of(more));
    this.service =
        TestSandboxWorker.start(SandboxWorkerConfiguration.class, settings.toArray(String[]::new));
  }

  private LocalE2b provider(int port) {
    try {
      return LocalE2b.start(
          LocalE2bSettings.of(port, KEY, directory, directory.resolve("templates")),
          BubblewrapBoxes.open(directory.resolve("boxes"), NetworkSettings.DEFAULT),
          Clock.systemUTC());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> settings() {
    return List.of(
        "--slipway.e2b.api-key=" + KEY,
        "--slipway.e2b.api-url=" + provider.url(),
        "--slipway.e2b.sandbox-url=" + provider.url(),
        "--slipway.worker.lease=3s",
        "--slipway.worker.heartbeat=500ms",
        "--slipway.sandbox.care=500ms");
  }

  private List<String> settings(String name, String orphanAge) {
    List<String> settings = new ArrayList<>(settings());
    settings.add("--slipway.stage.instance-id=" + name);
    settings.add("--slipway.sandbox.orphan-age=" + orphanAge);
    return settings;
  }

  /// The provider loses all that it has.
  void restartProvider() {
    int port = provider.port();
    provider.close();
    provider = provider(port);
  }

  /// Starts a worker in this process, which is quicker, and enough for who is not to be killed.
  ///
  /// @param name of the process: who is started again under it goes on as it
  void takeOver(String name) {
    takeOver(name, ORPHAN_AGE);
  }

  /// As [#takeOver(String)], by one who ends sooner what is nobody's.
  void takeOver(String name, String orphanAge) {
    successors.push(service.another(settings(name, orphanAge)));
  }

  /// Starts a worker in a process of its own.
  ///
  /// @param name of the process: who is started again under it goes on as it
  /// @param more settings of its own
  Process startWorker(String name, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                SandboxWorkerApplication.class.getName()));
    command.addAll(service.settings());
    command.addAll(settings(name, ORPHAN_AGE));
    command.addAll(List.of(more));
    try {
      Process worker =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Files.createTempFile(directory, name, ".log").toFile())
              .start();
      workers.add(worker);
      return worker;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void killWorkers() {
    while (!workers.isEmpty()) {
      workers.pop().destroyForcibly().onExit().join();
    }
  }

  /// No worker is left.
  void clear() {
    killWorkers();
    while (!successors.isEmpty()) {
      successors.pop().close();
    }
  }

  /// Takes the creation of a sandbox, as a worker does who is killed at once.
  LeasedOperation lease(String sandbox) {
    StageRunner<?, ?, ?> stage = service.bean(StageRunner.class);
    return stage.operations().orElseThrow().lease("killed", 100, 0, Duration.ofMillis(1)).stream()
        .filter(operation -> operation.aggregate().key().equals(sandbox))
        .findFirst()
        .orElseThrow();
  }

  UUID installation() {
    return service.bean(SandboxRows.class).installation();
  }

  /// Makes what an operation asks for, as the worker does who holds it.
  String make(LeasedOperation operation) {
    return make(operation.id(), operation.aggregate().key(), installation());
  }

  /// Makes a sandbox that bears these tags.
  ///
  /// @return the provider's id of it
  String make(UUID operation, String sandbox, UUID installation) {
    return service
        .bean(SandboxProvider.class)
        .create(
            new CreateRequest(
                "base",
                Duration.ofMinutes(5),
                Map.of(
                    "slipway_installation",
                    installation.toString(),
                    "slipway_tenant",
                    "default",
                    "slipway_sandbox",
                    sandbox,
                    "slipway_operation",
                    operation.toString()),
                Map.of(),
                new NetworkAccess.Off()))
        .id()
        .value();
  }

  static void signal(String name, Process worker) {
    try {
      int exit =
          new ProcessBuilder("kill", "-" + name, Long.toString(worker.pid())).start().waitFor();
      assertThat(exit).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Has the provider do something wrong.
  void fault(String rule) {
    ask("PUT", "/_slipway/faults", "{\"rules\": [%s]}".formatted(rule));
  }

  /// How often the provider was asked something since it began.
  int calls(String route) {
    return ask("GET", "/_slipway/calls", "").path(route).asInt();
  }

  /// The provider's own list.
  JsonNode provided() {
    return ask("GET", "/v2/sandboxes?state=running,paused", "");
  }

  /// The provider's ids of what was made for a sandbox.
  List<String> madeFor(String sandbox) {
    return provided()
        .valueStream()
        .filter(one -> one.at("/metadata/slipway_sandbox").asString().equals(sandbox))
        .map(one -> one.get("sandboxID").asString())
        .toList();
  }

  private JsonNode ask(String method, String path, String body) {
    var request =
        HttpRequest.newBuilder(URI.create(provider.url() + path))
            .header("X-API-KEY", KEY)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      String answer = http.send(request, BodyHandlers.ofString()).body();
      return answer.isEmpty() ? JSON.nullNode() : JSON.readTree(answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  TestSandboxWorker service() {
    return service;
  }

  WebTestClient api() {
    return service.as("default", Scope.SANDBOXES);
  }

  /// Asks for a sandbox.
  String ask(Map<String, Object> body) {
    return json(api().post().uri("/api/v1/sandboxes").bodyValue(body).exchange())
        .get("sandbox_id")
        .asString();
  }

  /// A sandbox that runs.
  String create(Map<String, Object> body) {
    String sandbox = ask(body);
    awaitSandbox(sandbox, "RUNNING");
    return sandbox;
  }

  JsonNode sandbox(String id) {
    return json(api().get().uri("/api/v1/sandboxes/{id}", id).exchange());
  }

  /// How many sandboxes a filter finds.
  int count(String filter) {
    return json(api().get().uri("/api/v1/sandboxes?limit=200&" + filter).exchange())
        .get("items")
        .size();
  }

  void awaitSandbox(String id, String state) {
    await().atMost(PATIENCE).until(() -> sandbox(id).path("state").asString(), state::equals);
  }

  /// A command in a sandbox, as who asks beside all workers sees it.
  CommandInSandbox commandIn(String sandbox, UUID id) {
    var provider = service.bean(SandboxProvider.class);
    var place = new ExternalId(sandbox(sandbox).get("external_id").asString());
    return new CommandInSandbox(provider.open(provider.find(place).orElseThrow().sandbox()), id);
  }

  /// The operation that makes a sandbox.
  String creation(String sandbox) {
    return text("select operation_id::text as v from operation where key = ?", sandbox);
  }

  /// How many bytes of a command's output its worker has noted for who comes after him.
  long noted(String operation) {
    return Long.parseLong(
        text("select note->>'stdout' as v from operation where operation_id = ?::uuid", operation));
  }

  private String text(String sql, String id) {
    return service
        .bean(ServiceSchema.class)
        .database()
        .inStage(transaction ->
            transaction.query(sql, row -> Columns.required(row, "v", String.class), id))
        .getFirst();
  }

  /// Does something while nothing that is said of an operation is put down: neither a heartbeat nor
  /// an outcome.
  void whileLocked(String operation, Runnable work) {
    boolean _ =
        service
            .bean(ServiceSchema.class)
            .database()
            .inStage(transaction -> {
              int _ =
                  transaction.update(
                      "update operation set kind = kind where operation_id = ?::uuid", operation);
              work.run();
              return true;
            });
  }

  /// Does something while whoever asks the database about sandboxes or operations waits for it.
  void whileTaken(Runnable work) {
    try (var other = Database.of(service.bean(DatabaseProperties.class), "sandbox")) {
      boolean _ =
          other.inStage(transaction -> {
            int _ = transaction.update("lock table sandbox, operation in access exclusive mode");
            work.run();
            return true;
          });
    }
  }

  /// How many connections to the database are in the middle of something.
  long busyConnections() {
    try (var other = Database.of(service.bean(DatabaseProperties.class), "sandbox")) {
      return other
          .inStage(transaction ->
              transaction.query(
                  """
                  select count(distinct pid) as n from pg_locks
                  where pid <> pg_backend_pid()
                    and database = (select oid from pg_database where datname = current_database())
                  """,
                  row -> Columns.required(row, "n", Long.class)))
          .getFirst();
    }
  }

  /// Asks for a command.
  ///
  /// @return its operation
  String run(String sandbox, Map<String, Object> body) {
    return json(api()
            .post()
            .uri("/api/v1/sandboxes/{id}/commands", sandbox)
            .bodyValue(body)
            .exchange())
        .get("operation_id")
        .asString();
  }

  String run(String sandbox, String command) {
    return run(sandbox, Map.of("command", command));
  }

  /// What stands in a file of a sandbox.
  String read(String sandbox, String file) {
    String look = run(sandbox, "cat " + file);
    awaitEnd(look);
    return output(look, "stdout");
  }

  void post(String path) {
    api().post().uri(path).exchange().expectStatus().isAccepted();
  }

  JsonNode operation(String id) {
    return json(api().get().uri("/api/v1/operations/{id}", id).exchange());
  }

  /// What an operation comes to.
  JsonNode awaitEnd(String id) {
    await().atMost(PATIENCE).until(() -> operation(id).hasNonNull("finished_at"));
    return operation(id);
  }

  void awaitOutput(String operation, String text) {
    await().atMost(PATIENCE).until(() -> output(operation, "stdout").contains(text));
  }

  String output(String operation, String stream) {
    return new String(bytes(operation, stream), StandardCharsets.UTF_8);
  }

  /// What comes first of a command's output, however long that takes.
  String awaitedOutput(String operation) {
    byte @Nullable [] bytes =
        api()
            .get()
            .uri("/api/v1/operations/{id}/output", operation)
            .header("Prefer", "wait=60")
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody()
            .returnResult()
            .getResponseBody();
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }

  /// Makes a file, whatever runs.
  void write(String sandbox, String path) {
    api()
        .put()
        .uri("/api/v1/sandboxes/{id}/files?path={path}", sandbox, path)
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .bodyValue(new byte[] {1})
        .exchange()
        .expectStatus()
        .isOk();
  }

  byte[] bytes(String operation, String stream) {
    byte @Nullable [] bytes =
        api()
            .get()
            .uri("/api/v1/operations/{id}/output?stream={stream}", operation, stream)
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody()
            .returnResult()
            .getResponseBody();
    return bytes == null ? new byte[0] : bytes;
  }

  /// What stands in the topic of a command, as who reads committed records sees it.
  List<OutputCodec.Seen> published(String operation) {
    KafkaClients clients = service.bean(KafkaClients.class);
    var codec = service.bean(OutputCodec.class);
    return Topic.read(clients, codec, operation);
  }

  /// Shows what stands in the topic of all commands, with the time that it bears.
  void eachPublished(BiConsumer<OutputCodec.Seen, Instant> each) {
    Topic.read(service.bean(KafkaClients.class), service.bean(OutputCodec.class), each);
  }

  /// A command's output is in its topic once: each stream without gap and overlap, then its end.
  void assertPublishedOnce(String operation, long stdoutBytes) {
    List<OutputCodec.Seen> seen = published(operation);
    long next = 0;
    for (OutputCodec.Seen one : seen) {
      if (one instanceof OutputCodec.Seen.Part part && part.channel() == Channel.STDOUT) {
        assertThat(part.offset()).isEqualTo(next);
        next = part.end();
      }
    }
    assertThat(next).isEqualTo(stdoutBytes);
    assertThat(seen.stream().filter(OutputCodec.Seen.End.class::isInstance)).hasSize(1);
    assertThat(seen.getLast()).isInstanceOf(OutputCodec.Seen.End.class);
  }

  private static JsonNode json(WebTestClient.ResponseSpec response) {
    return json(response.expectBody().returnResult());
  }

  static JsonNode json(EntityExchangeResult<byte[]> answer) {
    byte @Nullable [] body = answer.getResponseBody();
    return JSON.readTree(body == null ? new byte[0] : body);
  }

  @Override
  public void close() {
    clear();
    service.close();
    provider.close();
  }
}
