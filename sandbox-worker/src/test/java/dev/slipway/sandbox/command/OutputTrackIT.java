package dev.slipway.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.publish.StreamPublisher;
import dev.slipway.sandbox.SandboxWorkerConfiguration;
import dev.slipway.sandbox.TestSandboxWorker;
import dev.slipway.sandbox.command.OutputCodec.Seen;
import dev.slipway.sandbox.provider.ProcessEvent.Channel;
import dev.slipway.schemas.Ids;
import dev.slipway.schemas.context.Context;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Portions of one command's output that follow each other before the first is committed.
@Timeout(60)
class OutputTrackIT {
  private static TestSandboxWorker service;

  private final UUID operation = Ids.fresh();
  private final String sandbox = Ids.fresh().toString();

  @BeforeAll
  static void start() {
    service =
        TestSandboxWorker.start(SandboxWorkerConfiguration.class, "--slipway.worker.concurrency=0");
    // Kafka answers that it has made a topic before every part of it knows
    await()
        .ignoreExceptionsInstanceOf(RetryableException.class)
        .until(() -> service.bean(OutputLog.class).beginning("", "any").stdout() == 0);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void portionsComeInOrderAndCountOnceTheyAreSettled() throws Exception {
    OutputTrack track = track(() -> true);

    track.publish(printed("one "));
    track.publish(printed("two "));
    track.publish(printed("three"));
    track.settle();

    assertThat(track.published().stdout()).isEqualTo("one two three".length());
    assertThat(track.published().sequence()).isEqualTo(3);
    assertThat(text()).isEqualTo("one two three");
  }

  @Test
  void whatWaitsBehindAPortionThatFailsIsNotPublished() throws Exception {
    Queue<Boolean> answers = new ArrayDeque<>(List.of(false));
    // ours again by the second portion, for whoever asks nothing else
    OutputTrack track = track(() -> answers.isEmpty() || answers.remove());

    assertThatThrownBy(
            () -> {
              track.publish(printed("one "));
              track.publish(printed("two "));
              track.settle();
            })
        .isInstanceOf(RetryableException.class);

    service.bean(StreamPublisher.class).drain();
    assertThat(answers).isEmpty();
    assertThat(text()).isEmpty();
  }

  private OutputTrack track(BooleanSupplier isOurs) {
    StreamPublisher publisher = service.bean(StreamPublisher.class);
    var context = Context.newBuilder().setTenant("default").setSandboxId(sandbox).build();
    return new OutputTrack(
        new OutputSource(operation, sandbox, context, null),
        service.bean(OutputCodec.class),
        publisher,
        isOurs,
        List.of(),
        service.bean(OutputLog.class).beginning(publisher.transactionalId(), sandbox));
  }

  private static Map<Channel, byte[]> printed(String text) {
    return Map.of(Channel.STDOUT, text.getBytes(StandardCharsets.UTF_8));
  }

  /// What stands in the topic.
  private String text() {
    var text = new StringBuilder();
    for (Seen seen :
        Topic.read(
            service.bean(KafkaClients.class),
            service.bean(OutputCodec.class),
            operation.toString())) {
      if (seen instanceof Seen.Part part) {
        text.append(StandardCharsets.UTF_8.decode(part.bytes().duplicate()));
      }
    }
    return text.toString();
  }
}
