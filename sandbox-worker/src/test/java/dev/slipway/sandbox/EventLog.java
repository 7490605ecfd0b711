package dev.slipway.sandbox;

import dev.slipway.pipeline.avro.AvroDeserializer;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.sandbox.CommandCompleted;
import dev.slipway.schemas.sandbox.CommandResult;
import dev.slipway.schemas.sandbox.Failure;
import dev.slipway.schemas.sandbox.GitBranchCreated;
import dev.slipway.schemas.sandbox.GitCloned;
import dev.slipway.schemas.sandbox.GitCommitted;
import dev.slipway.schemas.sandbox.GitFailed;
import dev.slipway.schemas.sandbox.GitPushed;
import dev.slipway.schemas.sandbox.OperationEnded;
import dev.slipway.schemas.sandbox.SandboxCreated;
import dev.slipway.schemas.sandbox.SandboxEvent;
import dev.slipway.schemas.sandbox.SandboxFailed;
import dev.slipway.schemas.sandbox.SandboxRejected;
import dev.slipway.schemas.sandbox.SandboxRequested;
import dev.slipway.schemas.sandbox.SandboxRunning;
import dev.slipway.schemas.sandbox.SandboxTerminated;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// `sandbox.events` as who reads committed records sees it, read from its beginning each time.
public final class EventLog {
  private final KafkaClients clients;
  private final AvroDeserializer<SandboxEvent> deserializer = new AvroDeserializer<>();

  public EventLog(TestSandboxWorker service) {
    this.clients = service.bean(KafkaClients.class);
    deserializer.configure(clients.serde(), false);
  }

  /// @param operation that it ends; null when it ends none
  private record Line(String type, Object body, @Nullable UUID operation, String code) {}

  /// How what was asked of a sandbox has ended, by its operation: types of events and their codes.
  /// A creation ends with what becomes of the sandbox first.
  public Map<UUID, List<String>> ends(UUID sandbox) {
    var ends = new HashMap<UUID, List<String>>();
    for (Line line : lines(sandbox)) {
      if (line.operation() != null) {
        ends.computeIfAbsent(line.operation(), _ -> new ArrayList<>())
            .add((line.type() + " " + line.code()).strip());
      }
    }
    return ends;
  }

  /// What ended an operation.
  public <T> T end(UUID sandbox, UUID operation, Class<T> type) {
    return lines(sandbox).stream()
        .filter(line -> operation.equals(line.operation()))
        .map(line -> type.cast(line.body()))
        .findFirst()
        .orElseThrow();
  }

  /// The last lines that a command printed, as its end tells them; empty as long as it does not.
  public String tail(UUID sandbox, UUID operation) {
    return lines(sandbox).stream()
        .filter(line -> operation.equals(line.operation()))
        .map(Line::body)
        .filter(CommandCompleted.class::isInstance)
        .map(body -> ((CommandCompleted) body).getResult())
        .filter(result -> result != null && result.getTail() != null)
        .map(CommandResult::getTail)
        .findFirst()
        .orElse("");
  }

  /// Whether a sandbox is no more.
  public boolean hasEnded(UUID sandbox) {
    return lines(sandbox).stream()
        .anyMatch(line ->
            line.body() instanceof SandboxTerminated || line.body() instanceof SandboxFailed);
  }

  /// The provider's id of a sandbox.
  public String externalId(UUID sandbox) {
    return lines(sandbox).stream()
        .map(Line::body)
        .filter(SandboxCreated.class::isInstance)
        .map(body -> ((SandboxCreated) body).getExternalId())
        .findFirst()
        .orElseThrow();
  }

  private List<Line> lines(UUID sandbox) {
    var lines = new ArrayList<Line>();
    UUID creation = null;
    for (ConsumerRecord<byte[], byte[]> record : records()) {
      if (new String(record.key(), StandardCharsets.UTF_8).equals(sandbox.toString())) {
        Object body = body(record);
        String type = CloudEvent.from(record.headers()).orElseThrow().type();
        if (body instanceof SandboxRequested requested) {
          creation = requested.getOperationId();
        } else if (isEndOfCreation(body) && creation != null) {
          lines.add(new Line(type, body, creation, code(body)));
          creation = null;
        } else {
          lines.add(new Line(type, body, ended(body), code(body)));
        }
      }
    }
    return lines;
  }

  private Object body(ConsumerRecord<byte[], byte[]> record) {
    SandboxEvent event = deserializer.deserialize(record.topic(), record.value());
    if (event == null) {
      throw new IllegalStateException("no value");
    }
    return event.getBody();
  }

  private static boolean isEndOfCreation(Object body) {
    return body instanceof SandboxRunning
        || body instanceof SandboxFailed
        || body instanceof SandboxTerminated;
  }

  private static @Nullable UUID ended(Object body) {
    return switch (body) {
      case GitCloned git -> git.getOperationId();
      case GitBranchCreated git -> git.getOperationId();
      case GitCommitted git -> git.getOperationId();
      case GitPushed git -> git.getOperationId();
      case GitFailed git -> git.getOperationId();
      case CommandCompleted command -> command.getOperationId();
      case OperationEnded ended -> ended.getOperationId();
      case SandboxRejected rejected -> rejected.getOperationId();
      default -> null;
    };
  }

  private static String code(Object body) {
    return switch (body) {
      case GitFailed git -> git.getFailure().getCode();
      case SandboxFailed failed -> failed.getFailure().getCode();
      case CommandCompleted command -> code(command.getFailure());
      case OperationEnded ended -> code(ended.getFailure());
      case SandboxRejected rejected -> rejected.getCode();
      default -> "";
    };
  }

  private static String code(@Nullable Failure failure) {
    return failure == null ? "" : failure.getCode();
  }

  private List<ConsumerRecord<byte[], byte[]>> records() {
    String topic = clients.topicNames().of(Topics.SANDBOX_EVENTS);
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    try (Consumer<byte[], byte[]> consumer = clients.newConsumer(clients.consumer("test-events"))) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }
}
