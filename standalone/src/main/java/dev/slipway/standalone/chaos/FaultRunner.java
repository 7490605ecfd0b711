package dev.slipway.standalone.chaos;

import dev.slipway.standalone.chaos.Fault.Disturbance;
import dev.slipway.standalone.chaos.Fault.Freeze;
import dev.slipway.standalone.chaos.Fault.Kill;
import dev.slipway.standalone.chaos.Fault.KillAt;
import dev.slipway.standalone.chaos.Fault.Misbehave;
import dev.slipway.standalone.chaos.Fault.Misdeliver;
import dev.slipway.standalone.chaos.Fault.RestartBroker;
import dev.slipway.standalone.chaos.Fault.RestartDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Makes go wrong what the plan says, one after the other.
final class FaultRunner implements Callable<Integer> {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final Duration AT_THE_POINT = Duration.ofMillis(25);
  private static final Duration POINT_LIMIT = Duration.ofSeconds(30);

  private final ChaosPlan plan;
  private final Surroundings surroundings;
  private final Work work;
  private final Consumer<String> progress;
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger pointsReached = new AtomicInteger();

  /// What there is to be disturbed.
  record Surroundings(
      Installation installation, Courier courier, LocalDouble gitHub, LocalDouble sandboxes) {}

  FaultRunner(ChaosPlan plan, Surroundings surroundings, Work work, Consumer<String> progress) {
    this.plan = plan;
    this.surroundings = surroundings;
    this.work = work;
    this.progress = progress;
  }

  /// Returns when the last one is over, with their number.
  @Override
  public Integer call() throws IOException, InterruptedException {
    for (Fault fault : plan.faults()) {
      while (work.asked() < fault.after()) {
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedException();
        }
      }
      int _ = begun.incrementAndGet();
      LockSupport.parkNanos(fault.pause().toNanos());
      progress.accept(
          "fault %d of %d: %s".formatted(begun.get(), plan.faults().size(), fault.what().title()));
      disturb(fault.what());
      int _ = ended.incrementAndGet();
    }
    surroundings.installation().awaitReady();
    return ended.get();
  }

  /// How many tasks may have been asked for by now: no more than the next fault waits for.
  int gate() {
    List<Fault> faults = plan.faults();
    int next = begun.get();
    return next < faults.size() ? faults.get(next).after() : plan.tasks().size();
  }

  int ended() {
    return ended.get();
  }

  /// How many named points it came to.
  int pointsReached() {
    return pointsReached.get();
  }

  /// How many of each kind there have been.
  Map<FaultKind, Integer> counts() {
    Map<FaultKind, Integer> counts = new EnumMap<>(FaultKind.class);
    plan.faults()
        .subList(0, ended.get())
        .forEach(fault -> counts.merge(fault.what().kind(), 1, Integer::sum));
    return counts;
  }

  private void disturb(Disturbance what) throws IOException, InterruptedException {
    Installation installation = surroundings.installation();
    switch (what) {
      case Kill(Part part, int instance) -> restart(List.of(installation.of(part).get(instance)));
      case KillAt(Point point) -> {
        LocalDouble asked =
            point.isAtSandboxes() ? surroundings.sandboxes() : surroundings.gitHub();
        awaitPoint(asked, point);
        restart(installation.of(point.victim()));
        asked.misbehave(List.of());
      }
      case Freeze(Part part, int instance, Duration length) -> {
        Member member = installation.of(part).get(instance);
        member.freeze();
        LockSupport.parkNanos(length.toNanos());
        member.thaw();
      }
      case RestartBroker() -> restart(installation.of(Part.INFRA));
      case RestartDatabase() -> installation.killDatabase();
      case Misdeliver(boolean isTwice, int count) -> {
        if (isTwice) {
          surroundings.courier().twice(count);
        } else {
          surroundings.courier().reorder(count);
        }
      }
      case Misbehave(FaultKind _, Rule rule) -> surroundings.gitHub().misbehave(List.of(rule));
    }
  }

  /// Kills what has come up since it was killed last, and goes on while it starts: else each fault
  /// would come to an installation that has nothing left to do.
  private static void restart(List<Member> members) throws IOException {
    Installation.awaitReady(members);
    members.forEach(Member::killAndStart);
  }

  /// Waits until the point is reached, or for some time: then what is killed is killed at random.
  private void awaitPoint(LocalDouble asked, Point point) throws IOException, InterruptedException {
    long before = asked.calls(point.route());
    asked.misbehave(List.of(point.rule()));
    long began = System.nanoTime();
    while (asked.calls(point.route()) <= before) {
      if (System.nanoTime() - began > POINT_LIMIT.toNanos()) {
        progress.accept("nobody came there in %d s".formatted(POINT_LIMIT.toSeconds()));
        return;
      }
      LockSupport.parkNanos(AT_THE_POINT.toNanos());
    }
    int _ = pointsReached.incrementAndGet();
  }
}
