package dev.slipway.pr;

import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.sandbox.GitCloned;
import dev.slipway.schemas.sandbox.GitPushed;
import dev.slipway.schemas.sandbox.KillReason;
import dev.slipway.schemas.sandbox.Network;
import dev.slipway.schemas.sandbox.NetworkMode;
import dev.slipway.schemas.sandbox.SandboxEvent;
import dev.slipway.schemas.sandbox.SandboxLinked;
import dev.slipway.schemas.sandbox.SandboxRequested;
import dev.slipway.schemas.sandbox.SandboxStatus;
import dev.slipway.schemas.sandbox.SandboxTerminated;
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

/// Writes what becomes of sandboxes, as their worker does.
final class SandboxEvents implements AutoCloseable {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String PATH = "/home/user/site";

  private final String topic;
  private final KafkaProducer<String, byte[]> producer;
  private final AvroSerializer<SandboxEvent> serializer = new AvroSerializer<>();

  SandboxEvents(KafkaClients clients) {
    this.topic = clients.topicNames().of(Topics.SANDBOX_EVENTS);
    this.producer =
        new KafkaProducer<>(
            clients.producer("test-sandboxes"), new StringSerializer(), new ByteArraySerializer());
    serializer.configure(clients.serde(), false);
  }

  /// A sandbox that somebody has.
  ///
  /// @param second of its request
  record Sandbox(SandboxEvents events, String tenant, UUID id, int second) {
    Sandbox requested(@Nullable String repositoryUrl) {
      return send(
          "sandbox.requested",
          new SandboxRequested(
              id,
              "base",
              300,
              Map.of(),
              Map.of(),
              new Network(NetworkMode.ON, List.of()),
              repositoryUrl,
              null));
    }

    Sandbox pushed(String repositoryUrl, String branch, String sha) {
      Sandbox _ = send("git.cloned", new GitCloned(id, PATH, repositoryUrl, "main", "00", 1));
      return send("git.pushed", new GitPushed(id, PATH, branch, sha));
    }

    Sandbox linked(long repositoryId, long number) {
      return send("sandbox.linked", new SandboxLinked(repositoryId, number));
    }

    Sandbox ended() {
      return send("sandbox.terminated", new SandboxTerminated(KillReason.REQUESTED));
    }

    private Sandbox send(String type, Object body) {
      events.send(this, type, body);
      return this;
    }
  }

  Sandbox sandbox(String tenant, int second) {
    return new Sandbox(this, tenant, Ids.fresh(), second);
  }

  private void send(Sandbox of, String type, Object body) {
    var context =
        new Context(
            of.tenant, "ada", null, "run-" + of.second, "squad-1", null, null, of.id.toString());
    byte[] value =
        serializer.serialize(
            topic, new SandboxEvent(context, SandboxStatus.RUNNING, null, 0L, body));
    var record = new ProducerRecord<>(topic, of.id.toString(), value);
    new CloudEvent(
            Ids.fresh(),
            type,
            "sandbox-worker",
            START.plusSeconds(of.second),
            of.id.toString(),
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
