package dev.slipway.notifier.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.disk.DiskProperties;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.schemas.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/// From events to notifications, each exactly once.
class EventRouterIT {
  private RouterWorld world;

  @BeforeEach
  void create() {
    world = RouterWorld.create();
  }

  @AfterEach
  void close() {
    world.close();
  }

  /// Where Kafka's own clients put the key, and where the hub looks.
  private static int partitionOf(String tenant, int partitions) {
    return Utils.toPositive(Utils.murmur2(tenant.getBytes(StandardCharsets.UTF_8))) % partitions;
  }

  @Test
  void anEventBecomesANotificationWithItsIdentity() {
    world.run();

    world.merge("acme", "1001#7", 3, 4);

    awaitNotifications(1);
    var record = world.notifications().getFirst();
    var notification = world.read(record);
    CloudEvent before = TestEvents.envelope(3, "pull_request.merged");
    assertThat(CloudEvent.from(record.headers()))
        .contains(
            new CloudEvent(
                before.id(),
                before.type(),
                "notifier",
                before.time(),
                before.subject(),
                before.sequence(),
                before.traceparent()));
    assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("acme");
    assertThat(record.partition())
        .isEqualTo(
            partitionOf(
                new String(record.key(), StandardCharsets.UTF_8),
                Topics.NOTIFICATIONS.partitions()));
    assertThat(notification.getContext()).isEqualTo(TestEvents.context("acme"));
    assertThat(notification.getType()).isEqualTo("pull_request.merged");
    assertThat(notification.getTopics())
        .containsExactly("/t/acme/repositories/acme/site", "/t/acme/pull-requests/acme/site/7");
    assertThat(StandardCharsets.UTF_8.decode(notification.getJson()).toString())
        .startsWith("{\"id\":\"00000000-0000-7000-8000-000000000003\"");
  }

  @Test
  void topicsOfOtherCountsThanTheCataloguesAreRoutedAlike() {
    try (var other =
        RouterWorld.create(
            Map.of(
                Topics.PULL_REQUEST_EVENTS, 17,
                Topics.NOTIFICATIONS, 3,
                Topics.NOTIFIER_PROGRESS, 2))) {
      other.run();
      other.run();
      List<String> tenants = List.of("acme", "blue", "cyan", "dune", "echo", "fern");

      for (String tenant : tenants) {
        other.merge(tenant, "1001#7", 1, 4);
      }

      await()
          .atMost(RouterWorld.PATIENCE)
          .untilAsserted(() -> assertThat(other.notifications()).hasSize(18));
      assertThat(other.notifications())
          .allSatisfy(record ->
              assertThat(record.partition())
                  .isEqualTo(partitionOf(new String(record.key(), StandardCharsets.UTF_8), 3)));
      assertThat(tenants)
          .allSatisfy(tenant -> assertThat(other.sequences(tenant)).containsExactly(1L, 2L, 3L));
    }
  }

  @Test
  void whatCannotBeRenderedIsPassedAsUnknownAndHoldsUpNothing() {
    world.run();

    world.send("1001#7", TestEvents.envelope(0, "pull_request.merged"), new byte[] {9, 9});
    world.send(
        "1001#7",
        TestEvents.envelope(1, "pull_request.locked"),
        world.value(TestEvents.merged(TestEvents.fullContext(), "Fix")));
    world.send("1001#7", null, new byte[] {1});
    world.merge("acme", "1001#7", 3, 4);

    awaitNotifications(4);
    var byType =
        world.notifications().stream().map(world::read).map(n -> n.getType()).sorted().toList();
    assertThat(byType).containsExactly("pull_request.merged", "unknown", "unknown", "unknown");
    var known =
        world.notifications().stream()
            .filter(
                record -> CloudEvent.from(record.headers()).orElseThrow().type().endsWith("locked"))
            .map(world::read)
            .toList()
            .getFirst();
    assertThat(known.getContext()).isEqualTo(TestEvents.fullContext());
    assertThat(known.getTopics()).contains("/t/acme/sessions/c1");
    assertThat(StandardCharsets.UTF_8.decode(known.getJson()).toString())
        .contains(
            "\"type\":\"unknown\"",
            "\"session_id\":\"c1\"",
            "\"event_type\":\"pull_request.locked\"")
        .doesNotContain("Fix");
    assertThat(world.metric("slipway.router.unknown")).isEqualTo(3);
  }

  @Tag("slow")
  @Test
  void anEventTooLargeToBeANotificationIsPassedAsUnknown() {
    world.run();

    world.send(
        "1001#7",
        TestEvents.envelope(0, "pull_request.merged"),
        world.value(TestEvents.merged(TestEvents.fullContext(), "\u0001".repeat(300_000))));
    world.merge("acme", "1001#7", 1, 2);

    awaitNotifications(2);
    assertThat(world.notifications().stream().map(world::read).map(n -> n.getType()).toList())
        .containsExactly("unknown", "pull_request.merged");
  }

  @Tag("slow")
  @Test
  void theNextRouterGoesOnWhereTheLastOneEnded() {
    var first = world.run();
    world.merge("acme", "1001#7", 0, 50);
    awaitNotifications(50);

    first.stop();
    world.merge("acme", "1001#7", 50, 100);
    world.run();

    awaitNotifications(100);
    assertThat(world.sequences("acme")).isEqualTo(upTo(100));
  }

  @Tag("slow")
  @Test
  void ofTwoRoutersOneRoutes() {
    world.run();
    world.run();

    world.merge("acme", "1001#7", 0, 100);
    world.merge("globex", "1002#1", 0, 100);

    awaitNotifications(200);
    assertThat(world.sequences("acme")).isEqualTo(upTo(100));
    assertThat(world.sequences("globex")).isEqualTo(upTo(100));
  }

  @Test
  void onADiskThatIsNearlyFullNothingIsPublishedUntilThereIsRoom(@TempDir Path folder)
      throws IOException {
    Path data = folder.resolve("data"); // where there is nothing, nothing is free
    world.merge("acme", "1001#7", 3, 4);
    var _ = world.run(DiskSpace.of(new DiskProperties(data, DataSize.ofMegabytes(1))));
    await().until(() -> world.gauge("slipway.publisher.leader") == 1);
    assertThat(world.notifications()).isEmpty();

    Files.createDirectory(data);

    awaitNotifications(1);
  }

  @Tag("slow")
  @Test
  void aTopicThatWasMadeAnewIsReadFromItsStart() throws ExecutionException, InterruptedException {
    world.run();
    world.merge("acme", "1001#7", 0, 5);
    awaitNotifications(5);

    world.admin().deleteTopics(List.of(world.topic(Topics.PULL_REQUEST_EVENTS))).all().get();
    await()
        .atMost(RouterWorld.PATIENCE)
        .until(() ->
            !world
                .admin()
                .listTopics()
                .names()
                .get()
                .contains(world.topic(Topics.PULL_REQUEST_EVENTS)));
    world.makeTopics();
    world.merge("acme", "1001#7", 5, 8);

    awaitNotifications(8);
    assertThat(world.sequences("acme")).isEqualTo(upTo(8));
  }

  @Tag("slow")
  @Test
  void eventsThatAreGoneBeforeTheyWereReadAreCountedAndPassedOver()
      throws ExecutionException, InterruptedException {
    var first = world.run();
    world.merge("acme", "1001#7", 0, 5);
    awaitNotifications(5);
    first.stop();
    world.merge("acme", "1001#7", 5, 10);
    var partition =
        new TopicPartition(
            world.topic(Topics.PULL_REQUEST_EVENTS),
            // both topics have as many partitions
            partitionOf("1001#7", Topics.NOTIFICATIONS.partitions()));

    world.admin().deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(8))).all().get();
    world.run();

    awaitNotifications(7);
    assertThat(world.sequences("acme")).containsExactly(0L, 1L, 2L, 3L, 4L, 8L, 9L);
    assertThat(world.metric("slipway.router.lost")).isEqualTo(3);
  }

  private void awaitNotifications(int count) {
    await().atMost(RouterWorld.PATIENCE).until(() -> world.notifications().size() >= count);
    assertThat(world.notifications()).hasSize(count);
  }

  private static List<Long> upTo(int count) {
    return LongStream.range(0, count).boxed().toList();
  }
}
