package dev.slipway.standalone.chaos;

import dev.slipway.standalone.chaos.Fault.Disturbance;
import dev.slipway.standalone.chaos.Fault.Freeze;
import dev.slipway.standalone.chaos.Fault.Kill;
import dev.slipway.standalone.chaos.Fault.KillAt;
import dev.slipway.standalone.chaos.Fault.Misbehave;
import dev.slipway.standalone.chaos.Fault.Misdeliver;
import dev.slipway.standalone.chaos.Fault.RestartBroker;
import dev.slipway.standalone.chaos.Fault.RestartDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What goes wrong when, and what people do with which task: the same again for the same seed.
///
/// @param seed that it was drawn from
/// @param tasks in the order in which they are asked for
/// @param faults in the order in which they come
public record ChaosPlan(long seed, List<PlannedTask> tasks, List<Fault> faults) {
  static final int MOST_FAULTS = 60;

  /// From how many tasks on each kind of fault comes, and each part of the installation dies.
  static final int COMPLETE_FROM = 30;

  /// What a lease lasts, and a margin.
  private static final int SHORTEST_FREEZE_SECONDS = 12;

  private static final int LONGEST_FREEZE_SECONDS = 18;
  private static final int LONGEST_PAUSE_MILLIS = 3_000;
  private static final int CANCELLED_WITHIN_MILLIS = 8_000;
  private static final int CLOSED_PERCENT = 20;
  private static final int CANCELLED_PERCENT = 10;

  private static final List<FaultKind> KINDS = List.of(FaultKind.values());
  private static final List<Point> POINTS = List.of(Point.values());

  /// Those whose death is a fault by itself, and not that of the servers.
  private static final List<Part> ALONE =
      Stream.of(Part.values()).filter(part -> part != Part.INFRA).toList();

  /// Those who hold leases.
  private static final List<Part> HOLDERS = List.of(Part.PR_SERVICE, Part.SANDBOX_WORKER);

  /// What GitHub is asked for on a task's way.
  private static final List<String> REQUESTS =
      List.of(
          "POST /repos/*/*/pulls",
          "GET /repos/*/*/pulls",
          "GET /repos/*/*",
          "POST /*/*/git-receive-pack",
          "GET /*/*/info/refs");

  public ChaosPlan {
    tasks = List.copyOf(tasks);
    faults = List.copyOf(faults);
  }

  /// Draws a plan.
  ///
  /// @param tasks how many there are, one at least
  /// @param mergePercent how many of them are merged
  public static ChaosPlan of(long seed, int tasks, int mergePercent) {
    if (tasks < 1 || mergePercent < 0 || mergePercent > 100) {
      throw new IllegalArgumentException(
          "at least one task, of which 0 to 100 in a hundred are merged");
    }
    Random random = new Random(seed);
    List<PlannedTask> planned =
        IntStream.range(0, tasks).mapToObj(number -> task(random, number, mergePercent)).toList();
    return new ChaosPlan(seed, planned, faults(random, tasks));
  }

  private static PlannedTask task(Random random, int number, int mergePercent) {
    int drawn = random.nextInt(100);
    int other = random.nextInt(100);
    boolean isSquashed = random.nextBoolean();
    Duration cancelAfter = Duration.ofMillis(random.nextInt(CANCELLED_WITHIN_MILLIS));
    Fate fate;
    if (drawn < mergePercent) {
      fate = other < 50 ? Fate.MERGE : Fate.MERGE_AT_ONCE;
    } else if (other < CLOSED_PERCENT) {
      fate = Fate.CLOSE;
    } else if (other < CLOSED_PERCENT + CANCELLED_PERCENT) {
      fate = Fate.CANCEL;
    } else {
      fate = Fate.LEAVE;
    }
    return new PlannedTask(number, fate, isSquashed, cancelAfter);
  }

  private static List<Fault> faults(Random random, int tasks) {
    List<Disturbance> drawn = tasks >= COMPLETE_FROM ? oneOfEach(random) : new ArrayList<>();
    int count = Math.min(MOST_FAULTS, Math.max(drawn.size(), (tasks + 1) / 2));
    while (drawn.size() < count) {
      drawn.add(disturbance(random, any(random, KINDS)));
    }
    Collections.shuffle(drawn, random);
    return IntStream.range(0, count)
        .mapToObj(n ->
            new Fault(
                // the last one when all have been asked for: what follows it is an end alone
                Math.max(1, (n + 1) * tasks / count),
                Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS)),
                drawn.get(n)))
        .toList();
  }

  private static List<Disturbance> oneOfEach(Random random) {
    List<Disturbance> each = new ArrayList<>();
    for (FaultKind kind : KINDS) {
      if (kind != FaultKind.KILL) {
        each.add(disturbance(random, kind));
      }
    }
    for (Part part : ALONE) {
      each.add(new Kill(part, random.nextInt(part.instances())));
    }
    return each;
  }

  private static Disturbance disturbance(Random random, FaultKind kind) {
    return switch (kind) {
      case KILL -> {
        Part part = any(random, ALONE);
        yield new Kill(part, random.nextInt(part.instances()));
      }
      case KILL_AT_POINT -> new KillAt(any(random, POINTS));
      case FREEZE -> {
        Part part = any(random, HOLDERS);
        yield new Freeze(
            part,
            random.nextInt(part.instances()),
            Duration.ofSeconds(
                random.nextInt(SHORTEST_FREEZE_SECONDS, LONGEST_FREEZE_SECONDS + 1)));
      }
      case BROKER_RESTART -> new RestartBroker();
      case DATABASE_RESTART -> new RestartDatabase();
      case DELIVERIES_TWICE -> new Misdeliver(true, random.nextInt(3, 13));
      case DELIVERIES_REORDERED -> new Misdeliver(false, random.nextInt(3, 13));
      case GITHUB_LATE -> misbehaviour(random, kind, "delay", 0, random.nextInt(500, 4_000));
      case GITHUB_TWICE -> misbehaviour(random, kind, "duplicate", 0, 0);
      case GITHUB_REORDERED -> misbehaviour(random, kind, "reorder", 0, 1_000);
      case GITHUB_502 -> misbehaviour(random, kind, "refuse", 502, 0);
      case GITHUB_LIMIT -> misbehaviour(random, kind, "limit", 0, 2_000);
      case GITHUB_ANSWER_LOST -> misbehaviour(random, kind, "drop_answer", 0, 0);
    };
  }

  private static <T> T any(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static Misbehave misbehaviour(
      Random random, FaultKind kind, String word, int status, int delayMillis) {
    String match = any(random, REQUESTS);
    return new Misbehave(kind, new Rule(match, word, status, delayMillis, 1 + random.nextInt(3)));
  }
}
