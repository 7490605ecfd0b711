package dev.slipway.pr;

import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.sandbox.Author;
import dev.slipway.schemas.sandbox.CommandCompleted;
import dev.slipway.schemas.sandbox.CommandResult;
import dev.slipway.schemas.sandbox.GitBranchCreated;
import dev.slipway.schemas.sandbox.GitCloned;
import dev.slipway.schemas.sandbox.GitCommitted;
import dev.slipway.schemas.sandbox.GitPushed;
import dev.slipway.schemas.sandbox.Network;
import dev.slipway.schemas.sandbox.NetworkMode;
import dev.slipway.schemas.sandbox.SandboxEvent;
import dev.slipway.schemas.sandbox.SandboxRequested;
import dev.slipway.schemas.sandbox.SandboxRunning;
import dev.slipway.schemas.sandbox.SandboxStatus;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// The sandbox of a task, as its worker tells of it.
final class TaskSandbox implements AutoCloseable {
  private static final String PATH = "/home/user/tasks";

  private final UUID id;
  private final String task;
  private final String topic;
  private final KafkaProducer<String, byte[]> producer;
  private final AvroSerializer<SandboxEvent> serializer = new AvroSerializer<>();

  TaskSandbox(KafkaClients clients, String task, UUID id) {
    this.id = id;
    this.task = task;
    this.topic = clients.topicNames().of(Topics.SANDBOX_EVENTS);
    this.producer =
        new KafkaProducer<>(
            clients.producer("test-task-sandbox"),
            new StringSerializer(),
            new ByteArraySerializer());
    serializer.configure(clients.serde(), false);
  }

  /// The operation that the task asked for.
  UUID operation(String what) {
    return Ids.derived("pr-service.tasks", id, what, "", 0);
  }

  void runs() {
    send(
        "sandbox.requested",
        new SandboxRequested(
            operation("create"),
            "base",
            300,
            Map.of(),
            Map.of(),
            new Network(NetworkMode.ON, List.of()),
            null,
            null));
    send("sandbox.running", new SandboxRunning());
  }

  void cloned(String repositoryUrl, String sha) {
    send("git.cloned", new GitCloned(operation("clone"), PATH, repositoryUrl, "main", sha, 1));
  }

  void branched(String branch, String sha) {
    send("git.branch_created", new GitBranchCreated(operation("branch"), PATH, branch, sha));
  }

  void commandEnded(int exitCode, @Nullable String tail) {
    var result = new CommandResult(exitCode, null, 0L, 0L, false, 5L, tail);
    send("command.completed", new CommandCompleted(operation("run"), result, null, false));
  }

  /// @param patch null when it is too large to be told
  void committed(String sha, String parent, byte @Nullable [] patch) {
    send(
        "git.committed",
        new GitCommitted(
            operation("commit"),
            PATH,
            sha,
            "1".repeat(40),
            parent,
            "Tidy up",
            new Author("Slipway", "slipway@example.invalid"),
            Instant.EPOCH,
            1,
            patch == null ? null : ByteBuffer.wrap(patch)));
  }

  void pushed(String branch, String sha) {
    send("git.pushed", new GitPushed(operation("push"), PATH, branch, sha));
  }

  private void send(String type, Object body) {
    var context = new Context("default", "alice", task, null, null, null, null, id.toString());
    byte[] value =
        serializer.serialize(
            topic, new SandboxEvent(context, SandboxStatus.RUNNING, null, 0L, body));
    var record = new ProducerRecord<>(topic, id.toString(), value);
    new CloudEvent(
            Ids.fresh(),
            type,
            "sandbox-worker",
            Clock.systemUTC().instant(),
            id.toString(),
            null,
            null)
        .addTo(record.headers());
    try {
      var _ = producer.send(record).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    producer.close();
    serializer.close();
  }
}
