package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A data directory on a disk that fills up under load.
@Tag("slow")
class FullDiskIT {
  private static final int WEBHOOKS = Integer.getInteger("slipway.full-disk.webhooks", 300);
  private static final String SIZE = "330m";
  private static final long MIB = 1024 * 1024;
  private static final long FLOOR_MIB = 24;
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Queue<String> accepted = new ConcurrentLinkedQueue<>();
  private final AtomicInteger sent = new AtomicInteger();
  private final Optional<FullDisk> mounted = FullDisk.mount(SIZE);
  private Optional<Slipway> installation = Optional.empty();

  @BeforeEach
  void requireDisk() {
    assumeTrue(mounted.isPresent(), "needs to be root and to be allowed to mount a tmpfs");
    installation =
        mounted.map(disk -> Slipway.on(disk.folder()).with("SLIPWAY_DISK_FLOOR", FLOOR_MIB + "MB"));
  }

  @AfterEach
  void close() {
    installation.ifPresent(Slipway::close);
    mounted.ifPresent(FullDisk::close);
  }

  @Test
  void aDiskThatFillsUpUnderLoadIsSaidAndHealsAndEvery202IsListedOnce() {
    FullDisk disk = mounted.orElseThrow();
    Slipway slipway = installation.orElseThrow();
    Service up = slipway.up();

    try (Load load = new Load(slipway)) {
      load.awaitAccepted(WEBHOOKS);
      disk.fillUntil(FLOOR_MIB * MIB - MIB);
      assertFullIsSaid(slipway);
      disk.free();
      load.awaitAccepted(WEBHOOKS);
      slipway.api().get("/readyz").is(200);
      assertThat(up.alive()).isTrue();

      disk.fillUntil(0);
      assertThat(up.awaitExit(SOON)).isEqualTo(1);
    }
    assertThat(up.printed())
        .contains("Kafka cannot write any more", disk.folder().toString(), "make room")
        .doesNotContain("\tat ");
    await("no orphan").atMost(SOON).until(() -> slipway.processes().isEmpty());

    Service full = slipway.start("up");
    assertThat(full.awaitExit(SOON)).isEqualTo(3);
    assertThat(full.printed()).contains("MB are free", "make room");

    disk.free();
    Service _ = slipway.up();
    slipway.awaitCaughtUp(SOON);
    assertThat(slipway.api().deliveriesById().keySet()).containsAll(accepted);
  }

  private static void assertFullIsSaid(Slipway slipway) {
    await("503 for want of room")
        .atMost(SOON)
        .until(() -> slipway.api().get("/readyz").status() == 503);
    Answer ready = slipway.api().get("/readyz");
    assertThat(ready.json().path("checks").path("disk").asString()).isEqualTo("DOWN");
    assertThat(ready.json().path("details").path("disk").asString())
        .contains("MB are free", slipway.data().toString(), "make room");
    Answer refused = slipway.sender().send(webhook(0)).isProblem(503, "unavailable");
    assertThat(refused.json().path("detail").asString()).contains("disk");
    assertThat(refused.header("retry-after")).isPresent();
    slipway.api().get("/api/v1/deliveries").is(200);
  }

  private static Webhook webhook(int number) {
    return Webhook.json("pull_request", Posting.payload(number + 1));
  }

  /// Clients that post all the while, whatever they are answered.
  private final class Load implements AutoCloseable {
    private static final int CLIENTS = 4;

    private final WebhookSender sender;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<? extends Future<?>> clients;

    Load(Slipway slipway) {
      this.sender = slipway.sender();
      this.clients = IntStream.range(0, CLIENTS).mapToObj(_ -> threads.submit(this::post)).toList();
    }

    private void post() {
      while (!ended.get()) {
        Webhook webhook = webhook(sent.getAndIncrement());
        if (sender.trySend(webhook).filter(answer -> answer.status() == 202).isPresent()) {
          accepted.add(webhook.guid());
        }
      }
    }

    /// Waits for so many more.
    void awaitAccepted(int more) {
      int enough = accepted.size() + more;
      await(more + " more webhooks to be accepted")
          .atMost(SOON)
          .until(() -> accepted.size() >= enough);
    }

    @Override
    public void close() {
      ended.set(true);
      threads.close();
      assertThat(clients).allMatch(client -> client.state() == Future.State.SUCCESS);
    }
  }
}
