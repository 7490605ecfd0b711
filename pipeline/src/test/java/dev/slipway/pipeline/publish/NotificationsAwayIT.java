package dev.slipway.pipeline.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.live.Gap;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Kafka takes events, but no notifications.
class NotificationsAwayIT {
  private OutboxWorld world;

  @BeforeEach
  void create() {
    world = OutboxWorld.create();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void eventsGoOutWithoutAndAGapIsTheFirstThatComesBack() {
    Publisher first = world.run();
    world.write(2);
    world.awaitMarked();
    world.deleteNotifications();

    world.write(3);

    world.awaitMarked();
    await().until(() -> world.read("read_committed").size() == 5);
    assertThat(world.counted("slipway.publisher.unnotified")).isEqualTo(3);
    assertThat(world.metric("slipway.publisher.gaps.owed")).isEqualTo(1);

    // the debt outlives its leader
    first.stop();
    world.run();
    world.createTopics();
    await().atMost(OutboxWorld.PATIENCE).until(() -> !notifications().isEmpty());
    world.write(1);
    world.awaitMarked();

    await().until(() -> notifications().size() == 2);
    assertThat(notifications())
        .extracting(record -> world.decoded(record).getType())
        .containsExactly(Gap.type(), "pull_request.updated");
    assertThat(notifications())
        .extracting(ConsumerRecord::partition)
        .containsOnly(OutboxWorld.partitionOf(OutboxWorld.TENANT));
    assertThat(world.metric("slipway.publisher.gaps.owed")).isZero();
  }

  @Test
  void whoLeadsAnewWithoutThemWaitsOnceForThemAndNotForEachEvent() {
    world.write(30);
    world.deleteNotifications();

    world.run();

    world.awaitMarked();
    assertThat(world.counted("slipway.publisher.unnotified")).isEqualTo(30);
    assertThat(world.begun()).isEqualTo(2);
  }

  @Tag("slow")
  @Test
  void whileTheyAreAwayEventsWaitForThemNoMore() {
    world.run();
    world.write(1);
    world.awaitMarked();
    world.deleteNotifications();
    world.write(1);
    world.awaitMarked();

    for (int number = 0; number < 20; number++) {
      world.write(1);
      world.awaitMarked();
    }

    assertThat(world.counted("slipway.publisher.unnotified")).isEqualTo(21);
    // one more than there were turns: the one that waited for notifications
    assertThat(world.begun()).isEqualTo(23);
  }

  private List<ConsumerRecord<byte[], byte[]>> notifications() {
    return world.notifications("read_committed");
  }
}
