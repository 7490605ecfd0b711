package dev.slipway.locale2b.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.locale2b.box.Limits;
import dev.slipway.locale2b.box.UnsafeBoxes;
import dev.slipway.locale2b.timer.Timers;
import dev.slipway.localserver.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class SandboxesTest {
  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration LATER = Duration.ofMinutes(5);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final Timers timers = new Timers("test");
  private final UnsafeBoxes boxes;
  private final Sandboxes sandboxes;

  SandboxesTest(@TempDir Path directory) throws IOException {
    boxes = UnsafeBoxes.open(directory);
    sandboxes =
        new Sandboxes(
            boxes,
            new SandboxSettings(
                directory.resolve("templates"), Limits.DEFAULT, 1, Duration.ofHours(1), Map.of()),
            timers,
            new Settable(now));
  }

  @AfterEach
  void close() {
    sandboxes.close();
    timers.close();
    boxes.close();
  }

  @Test
  void itLivesUntilItsTimeIsOverByTheClockWhateverTheTimerSays() throws InterruptedException {
    Sandbox sandbox = sandboxes.create(request(SOON, false));
    now.updateAndGet(time -> time.plus(SOON).minusMillis(1));
    CountDownLatch behindItsAlarm = new CountDownLatch(1);
    var _ = timers.after(SOON.multipliedBy(2), "test", behindItsAlarm::countDown);
    behindItsAlarm.await();
    assertThat(sandboxes.find(sandbox.id())).isPresent();

    now.updateAndGet(time -> time.plus(SOON));

    await().until(() -> sandboxes.find(sandbox.id()).isEmpty());
    assertThat(sandbox.box().isAlive()).isFalse();
  }

  @Test
  void itIsPausedInsteadWhenThatWasAskedForAndThenStays() {
    Sandbox sandbox = sandboxes.create(request(SOON, true));

    now.updateAndGet(time -> time.plus(LATER));

    await().until(() -> !sandbox.life().isRunning());
    now.updateAndGet(time -> time.plus(Duration.ofDays(30)));
    assertThat(sandboxes.find(sandbox.id())).contains(sandbox);
    assertThat(sandboxes.running()).isEmpty();
    assertThatThrownBy(() -> sandboxes.awake(sandbox.id()))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.status()).isEqualTo(502));
    assertThat(sandboxes.connect(sandbox, LATER)).isTrue();
    assertThat(sandboxes.awake(sandbox.id())).isSameAs(sandbox.daemon());
  }

  @Test
  void aPausedOneTakesNoSlotAndGetsNoneThatIsTaken() {
    Sandbox first = sandboxes.create(request(LATER, false));
    assertThatThrownBy(() -> sandboxes.create(request(LATER, false)))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.status()).isEqualTo(429));

    sandboxes.pause(first, true);
    Sandbox second = sandboxes.create(request(LATER, false));

    assertThatThrownBy(() -> sandboxes.connect(first, LATER))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.status()).isEqualTo(429));
    sandboxes.kill(second);
    assertThat(sandboxes.connect(first, LATER)).isTrue();
    sandboxes.kill(first);
    assertThat(sandboxes.create(request(LATER, false)).life().isRunning()).isTrue();
  }

  @Test
  void anUnknownTemplateTakesNoSlot() {
    CreateRequest unknown =
        CreateRequest.of(
            new Body(JsonMapper.shared().readTree("{\"templateID\":\"../etc\"}")), LATER, LATER);

    assertThatThrownBy(() -> sandboxes.create(unknown))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.status()).isEqualTo(404));

    assertThat(sandboxes.create(request(LATER, false)).life().isRunning()).isTrue();
  }

  private static CreateRequest request(Duration timeout, boolean autoPause) {
    return new CreateRequest(
        "base",
        timeout,
        Map.of(),
        Map.of(),
        autoPause,
        true,
        false,
        new Egress(Optional.empty(), List.of(), List.of()),
        List.of());
  }

  /// A clock that stands where it is put.
  private static final class Settable extends Clock {
    private final AtomicReference<Instant> now;

    Settable(AtomicReference<Instant> now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return now.get();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
