package dev.slipway.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.sandbox.SandboxWorkerConfiguration;
import dev.slipway.sandbox.TestSandboxWorker;
import dev.slipway.sandbox.provider.CreateRequest;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.NetworkAccess;
import dev.slipway.sandbox.provider.ProcessEvent.Channel;
import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.sandbox.sandbox.SandboxRows;
import dev.slipway.web.security.Scope;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A local provider of sandboxes, workers, and the API of their service in this process, through
/// which this asks.
public final class Workplace implements AutoCloseable {
  public static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final LocalProvider provider;
  private final TestSandboxWorker service;
  private final Workers workers;
  private final OperationTable operations;

  /// @param worksHere whether this process makes operations too
  /// @param more settings of this process
  Workplace(Path directory, boolean worksHere, String... more) {
    this(directory, worksHere, List.of(), more);
  }

  /// @param worksHere whether this process makes operations too
  /// @param common settings of this process and of all workers
  /// @param more settings of this process
  public Workplace(Path directory, boolean worksHere, List<String> common, String... more) {
    this.provider = new LocalProvider(directory);
    List<String> settings = Workers.settings(provider);
    settings.addAll(common);
    settings.add("--slipway.sandbox.orphan-age=" + Workers.ORPHAN_AGE);
    if (!worksHere) {
      settings.add("--slipway.worker.concurrency=0");
    }
    settings.addAll(List.of(more));
    this.service =
        TestSandboxWorker.start(SandboxWorkerConfiguration.class, settings.toArray(String[]::new));
    this.workers = new Workers(directory, provider, service, common);
    this.operations = new OperationTable(service);
  }

  public LocalProvider provider() {
    return provider;
  }

  public Workers workers() {
    return workers;
  }

  OperationTable operations() {
    return operations;
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

  public TestSandboxWorker service() {
    return service;
  }

  public WebTestClient api() {
    return service.as("default", Scope.SANDBOXES);
  }

  /// Asks for a sandbox.
  String ask(Map<String, Object> body) {
    return json(api().post().uri("/api/v1/sandboxes").bodyValue(body).exchange())
        .get("sandbox_id")
        .asString();
  }

  /// A sandbox that runs.
  public String create(Map<String, Object> body) {
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

  public String run(String sandbox, String command) {
    return run(sandbox, Map.of("command", command));
  }

  /// What stands in a file of a sandbox.
  public String read(String sandbox, String file) {
    String look = run(sandbox, "cat " + file);
    awaitEnd(look);
    return output(look, "stdout");
  }

  void post(String path) {
    api().post().uri(path).exchange().expectStatus().isAccepted();
  }

  public JsonNode operation(String id) {
    return json(api().get().uri("/api/v1/operations/{id}", id).exchange());
  }

  /// What an operation comes to.
  public JsonNode awaitEnd(String id) {
    await().atMost(PATIENCE).until(() -> operation(id).hasNonNull("finished_at"));
    return operation(id);
  }

  void awaitOutput(String operation, String text) {
    await().atMost(PATIENCE).until(() -> output(operation, "stdout").contains(text));
  }

  public String output(String operation, String stream) {
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

  public static JsonNode json(EntityExchangeResult<byte[]> answer) {
    byte @Nullable [] body = answer.getResponseBody();
    return JSON.readTree(body == null ? new byte[0] : body);
  }

  @Override
  public void close() {
    workers.close();
    service.close();
    provider.close();
  }
}
