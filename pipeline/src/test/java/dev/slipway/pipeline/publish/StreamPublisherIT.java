package dev.slipway.pipeline.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.publish.StreamPublisher.Portion;
import dev.slipway.pipeline.publish.StreamPublisher.Published;
import dev.slipway.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One publisher of several sources, of which others take some over.
@Timeout(60)
class StreamPublisherIT {
  private OutboxWorld world;
  private StreamPublisher publisher;

  @BeforeEach
  void create() {
    world = OutboxWorld.create();
    publisher =
        new StreamPublisher(
            world.address().clients(), "output-test", Optional::empty, OutboxWorld.limits(1_000));
    publisher.start();
  }

  @AfterEach
  void close() {
    publisher.stop();
    world.close();
  }

  @Test
  void eachSourceHearsWhereItsLastRecordStands() {
    Published first = publish(() -> true, "a1", "a2").join();
    Published second = publish(() -> true, "a3").join();

    assertThat(second.lastOffset()).isGreaterThan(first.lastOffset());
    assertThat(published()).containsExactly("a1", "a2", "a3");
  }

  @Test
  void whoFencesItAmidSeveralSourcesFindsNothingOfThemPublishedLater() {
    int generation = publisher.generation();
    var asked = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    // the first that is ever published: its producer is there before it is asked
    var inFlight =
        publish(
            () -> {
              asked.countDown();
              return isOver(goOn);
            },
            "in flight");
    assertThat(isOver(asked)).isTrue();
    var waiting = publish(() -> true, "waiting");

    StreamPublisher.fence(world.address().clients(), publisher.transactionalId());
    goOn.countDown();

    assertFails(inFlight, "fenced");
    assertFails(waiting, "fenced");
    assertThat(publisher.generation()).isEqualTo(generation + 1);
    // one that has read how far it came before the fence, and was not told of it
    assertFails(
        publish(() -> publisher.generation() == generation, "unaware"), "the source is another's");
    assertThat(publish(() -> publisher.generation() == generation + 1, "aware").join().lastOffset())
        .isNotNegative();
    assertThat(published()).containsExactly("aware");
  }

  @Test
  void ofSeveralSourcesInOneTurnOnlyThoseThatAreOursArePublished() {
    var asked = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var first =
        publish(
            () -> {
              asked.countDown();
              return isOver(goOn);
            },
            "first");
    assertThat(isOver(asked)).isTrue();

    List<CompletableFuture<Published>> turn =
        Stream.of(true, false, true).map(isOurs -> publish(() -> isOurs, "of " + isOurs)).toList();
    goOn.countDown();

    assertThat(first.join().notified()).isTrue();
    assertThat(turn.getFirst().join().lastOffset()).isNotNegative();
    assertFails(turn.get(1), "the source is another's");
    assertThat(turn.getLast().join().lastOffset()).isNotNegative();
    assertThat(published()).containsExactly("first", "of true", "of true");
  }

  private CompletableFuture<Published> publish(BooleanSupplier isOurs, String... values) {
    List<ProducerRecord<byte[], byte[]>> records =
        Stream.of(values)
            .map(value ->
                new ProducerRecord<>(
                    world.topic(Topics.PULL_REQUEST_EVENTS), 0, new byte[0], bytes(value)))
            .toList();
    try {
      return publisher.publish(new Portion(records, List.of(), isOurs));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void assertFails(CompletableFuture<Published> published, String message) {
    assertThatThrownBy(published::join)
        .cause()
        .isInstanceOf(RetryableException.class)
        .hasMessageContaining(message);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// What a reader of committed records finds.
  private List<String> published() {
    return world.read("read_committed").stream()
        .map(record -> new String(record.value(), StandardCharsets.UTF_8))
        .toList();
  }

  private static boolean isOver(CountDownLatch latch) {
    try {
      return latch.await(OutboxWorld.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
