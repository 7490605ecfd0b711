package dev.slipway.locale2b.control;

import dev.slipway.locale2b.box.BoxException;
import dev.slipway.locale2b.box.Boxes;
import dev.slipway.locale2b.envd.Daemon;
import dev.slipway.locale2b.envd.Daemons;
import dev.slipway.locale2b.timer.Timers;
import dev.slipway.localserver.RefusedException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All sandboxes there are, and what can be done with them. When its time is over, each is paused
/// or killed.
public final class Sandboxes implements Daemons, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sandboxes.class);

  private final Timers timers;
  private final Clock clock;
  private final SandboxMaker maker;
  private final Slots slots;
  private final SandboxSettings settings;
  private final ConcurrentMap<String, Sandbox> byId = new ConcurrentHashMap<>();

  public Sandboxes(Boxes boxes, SandboxSettings settings, Timers timers, Clock clock) {
    this.timers = timers;
    this.clock = clock;
    this.settings = settings;
    maker = new SandboxMaker(boxes, settings, timers);
    slots = new Slots(settings.most());
  }

  SandboxSettings settings() {
    return settings;
  }

  /// Makes one.
  Sandbox create(CreateRequest request) {
    slots.take();
    boolean created = false;
    try {
      Sandbox sandbox =
          maker.make(request, Life.started(now(), request.timeout(), settings.longest()));
      byId.put(sandbox.id(), sandbox);
      created = true;
      locked(sandbox, () -> setAlarm(sandbox));
      var _ = sandbox.box().onExit().thenRun(() -> forget(sandbox));
      return sandbox;
    } finally {
      if (!created) {
        slots.giveBack();
      }
    }
  }

  Sandbox require(String id) {
    return find(id)
        .orElseThrow(() -> new RefusedException(404, "sandbox \"" + id + "\" not found"));
  }

  Optional<Sandbox> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  List<Sandbox> all() {
    return new ArrayList<>(byId.values());
  }

  /// Ends one, wherever it stands.
  void kill(Sandbox sandbox) {
    forget(sandbox);
    sandbox.box().close();
  }

  /// From now on nobody finds it, and whoever reads its streams is cut off.
  private void forget(Sandbox sandbox) {
    if (!byId.remove(sandbox.id(), sandbox)) {
      return;
    }
    sandbox.leave();
    sandbox.daemon().cutStreams();
    locked(
        sandbox,
        () -> {
          sandbox.alarm(Optional.empty());
          if (sandbox.life().isRunning()) {
            slots.giveBack();
          }
        });
  }

  /// Lets one end at another time.
  void change(Sandbox sandbox, UnaryOperator<Life> change) {
    locked(
        sandbox,
        () -> {
          requireThere(sandbox);
          if (!sandbox.life().isRunning()) {
            throw new RefusedException(409, "sandbox \"" + sandbox.id() + "\" is paused");
          }
          sandbox.life(change.apply(sandbox.life()));
          setAlarm(sandbox);
        });
  }

  /// Stops one where it stands.
  ///
  /// @param keepsMemory whether its processes go on when it does
  void pause(Sandbox sandbox, boolean keepsMemory) {
    locked(
        sandbox,
        () -> {
          requireThere(sandbox);
          if (!sandbox.life().isRunning()) {
            throw new RefusedException(409, "sandbox \"" + sandbox.id() + "\" is already paused");
          }
          Life running = sandbox.life();
          sandbox.life(running.paused(now()));
          if (!isStopped(sandbox, keepsMemory)) {
            sandbox.life(running);
            throw new RefusedException(500, "cannot pause sandbox \"" + sandbox.id() + "\"");
          }
          sandbox.alarm(Optional.empty());
          sandbox.daemon().cutStreams();
          slots.giveBack();
        });
  }

  private static boolean isStopped(Sandbox sandbox, boolean keepsMemory) {
    try {
      if (!keepsMemory) {
        sandbox.daemon().endProcesses();
      }
      sandbox.box().freeze();
      return true;
    } catch (BoxException | IOException e) {
      log.atError()
          .addKeyValue("sandbox_id", sandbox.id())
          .setCause(e)
          .log("sandbox cannot be paused");
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Lets one live on for a time at least.
  ///
  /// @return whether it was paused
  boolean connect(Sandbox sandbox, Duration timeout) {
    sandbox.lock().lock();
    try {
      requireThere(sandbox);
      if (sandbox.life().isRunning()) {
        sandbox.life(sandbox.life().extended(timeout, now()));
        setAlarm(sandbox);
        return false;
      }
      resume(sandbox, timeout);
      return true;
    } finally {
      sandbox.lock().unlock();
    }
  }

  private void resume(Sandbox sandbox, Duration timeout) {
    slots.take();
    try {
      sandbox.box().thaw();
    } catch (BoxException e) {
      slots.giveBack();
      log.atError()
          .addKeyValue("sandbox_id", sandbox.id())
          .setCause(e)
          .log("sandbox cannot be resumed");
      throw new RefusedException(500, "cannot resume sandbox \"" + sandbox.id() + "\"");
    }
    sandbox.life(sandbox.life().resumed(timeout, now()));
    setAlarm(sandbox);
  }

  private void setAlarm(Sandbox sandbox) {
    Duration left = Duration.between(now(), sandbox.life().endAt());
    sandbox.alarm(Optional.of(timers.after(left, "sandbox-due", () -> endWhenDue(sandbox))));
  }

  private void endWhenDue(Sandbox sandbox) {
    sandbox.lock().lock();
    try {
      if (sandbox.isGone() || !sandbox.life().isRunning()) {
        return;
      }
      if (!sandbox.life().isDue(now())) {
        setAlarm(sandbox);
        return;
      }
      if (sandbox.request().autoPause()) {
        pause(sandbox, sandbox.request().keepsMemory());
        return;
      }
    } catch (RefusedException e) {
      log.atWarn()
          .addKeyValue("sandbox_id", sandbox.id())
          .setCause(e)
          .log("sandbox cannot be paused when its time is over, killing it");
    } finally {
      sandbox.lock().unlock();
    }
    kill(sandbox);
  }

  @Override
  public Daemon awake(String sandboxId) {
    Sandbox sandbox = find(sandboxId).orElseThrow(() -> gone(sandboxId));
    if (!sandbox.life().isRunning()) {
      if (!sandbox.request().autoResume()) {
        throw gone(sandboxId);
      }
      boolean _ = connect(sandbox, sandbox.request().timeout());
    }
    return sandbox.daemon();
  }

  private static RefusedException gone(String sandboxId) {
    return new RefusedException(502, "The sandbox was not found").saying("sandboxId", sandboxId);
  }

  @Override
  public Collection<Daemon> running() {
    return byId.values().stream()
        .filter(sandbox -> sandbox.life().isRunning())
        .map(Sandbox::daemon)
        .toList();
  }

  private static void requireThere(Sandbox sandbox) {
    if (sandbox.isGone()) {
      throw new RefusedException(404, "sandbox \"" + sandbox.id() + "\" not found");
    }
  }

  private static void locked(Sandbox sandbox, Runnable action) {
    sandbox.lock().lock();
    try {
      action.run();
    } finally {
      sandbox.lock().unlock();
    }
  }

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /// Ends them all.
  @Override
  public void close() {
    all().parallelStream().forEach(this::kill);
  }
}
