package dev.slipway.pipeline.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.live.Gap;
import dev.slipway.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A machine goes down and comes up again, as its boot id tells.
class PowerCutIT {
  @TempDir private Path folder;
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
  void whatWasPublishedLastIsPublishedAgainAfterAPowerCut() throws IOException {
    bootedAs("one");
    world.run(relay());
    world.write(1);
    world.awaitMarked();
    world.execute("update outbox set published_at = now() - interval '2 minutes'");
    world.write(2);
    world.awaitMarked();
    Path note = folder.resolve("ledger.boot");
    String left = Files.readString(note);
    world.stopAll();
    Files.writeString(note, left); // no clean stop: the power is cut

    bootedAs("two");
    world.run(relay());

    await().atMost(OutboxWorld.PATIENCE).until(() -> world.read("read_committed").size() == 5);
    world.awaitMarked();
    assertThat(world.published("read_committed").values())
        .containsExactlyInAnyOrder(List.of(0L), List.of(1L, 1L), List.of(2L, 2L));
    assertThat(notified()).containsExactly(0L, 1L, 2L, -1L, 1L, 2L);
    assertThat(gaps()).isEqualTo(Topics.NOTIFICATIONS.partitions());
    assertThat(Files.readString(note)).startsWith("two");
  }

  @Test
  void aKilledProcessOfTheSameBootPublishesNothingAgain() throws IOException {
    bootedAs("one");
    world.run(relay());
    world.write(2);
    world.awaitMarked();
    Path note = folder.resolve("ledger.boot");
    String left = Files.readString(note);
    world.stopAll();
    Files.writeString(note, left);

    world.run(relay());

    world.write(1);
    world.awaitMarked();
    world.assertPublishedOnce(3);
  }

  @Test
  void aCleanStopLeavesNothingToBePublishedAgain() throws IOException {
    bootedAs("one");
    world.run(relay());
    world.write(2);
    world.awaitMarked();
    world.stopAll();
    assertThat(folder.resolve("ledger.boot")).doesNotExist();

    bootedAs("two");
    world.run(relay());

    world.write(1);
    world.awaitMarked();
    world.assertPublishedOnce(3);
  }

  private void bootedAs(String bootId) throws IOException {
    Files.writeString(folder.resolve("boot_id"), bootId + "\n");
  }

  private OutboxRelay relay() {
    return world.relay(
        world.database(), 1_000, BootNote.in(folder, "ledger", folder.resolve("boot_id")));
  }

  /// Of the tenant's partition; -1 is a gap.
  private List<Long> notified() {
    int partition = OutboxWorld.partitionOf(OutboxWorld.TENANT);
    var found = new ArrayList<Long>();
    for (var record : world.notifications("read_committed")) {
      if (record.partition() == partition) {
        found.add(OutboxWorld.sequence(record));
      }
    }
    return found;
  }

  private long gaps() {
    return world.notifications("read_committed").stream()
        .filter(record -> world.decoded(record).getType().equals(Gap.type()))
        .count();
  }
}
