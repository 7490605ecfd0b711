package dev.slipway.standalone.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// How it goes, and waiting for it to come to an end.
///
/// @param settle within which all are settled after the last fault, and cleared away after that
/// @param progress told what goes on
record Course(
    ChaosPlan plan,
    Situation situation,
    FaultRunner faults,
    Duration settle,
    Consumer<String> progress) {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final Duration BETWEEN_WORDS = Duration.ofSeconds(5);
  private static final Duration LAST_WORD = Duration.ofSeconds(30);

  /// So long nothing moves, and it is given up.
  private static final Duration STALL = Duration.ofMinutes(4);

  private static final List<String> STATES =
      List.of("todo", "in_progress", "in_review", "done", "closed", "failed", "cancelled");

  /// What there is to be looked at.
  record Situation(TaskApi tasks, GitHubSide gitHub, Work work) {
    Seen look() throws IOException, InterruptedException {
      return Seen.of(work, tasks, gitHub);
    }
  }

  private interface Ending {
    boolean hasCome() throws IOException, InterruptedException;
  }

  /// Waits until these are done, as long as something moves.
  ///
  /// @return why they are not
  List<String> await(List<Future<Integer>> jobs) throws InterruptedException {
    String before = "";
    long moved = System.nanoTime();
    long said = moved - BETWEEN_WORDS.toNanos();
    while (jobs.stream().anyMatch(job -> !job.isDone())) {
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      String now = describe();
      long time = System.nanoTime();
      if (!now.equals(before)) {
        before = now;
        moved = time;
      }
      boolean isStalled = time - moved > STALL.toNanos();
      if (isStalled || jobs.stream().anyMatch(job -> job.isDone() && failure(job).isPresent())) {
        List<String> failed =
            jobs.stream().filter(Future::isDone).flatMap(job -> failure(job).stream()).toList();
        jobs.forEach(job -> job.cancel(true));
        return isStalled
            ? List.of("nothing moved for %d s: %s".formatted(STALL.toSeconds(), now))
            : failed;
      }
      if (time - said > BETWEEN_WORDS.toNanos()) {
        said = time;
        progress.accept(now);
      }
    }
    return jobs.stream().flatMap(job -> failure(job).stream()).toList();
  }

  /// Why a job came to no end.
  static Optional<String> failure(Future<Integer> job) {
    try {
      int _ = job.get(LAST_WORD.toSeconds(), TimeUnit.SECONDS);
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(String.valueOf(e.getCause()));
    } catch (TimeoutException | CancellationException e) {
      return Optional.of(e.getClass().getSimpleName());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  /// Waits until no task is on its way any more, or the time for it is over.
  Duration settled() throws IOException, InterruptedException {
    return await(() -> situation.look().allSettled().isPassed());
  }

  /// Waits until all is as people decided and cleared away, or as long again.
  Duration cleared(FinalChecks checks) throws IOException, InterruptedException {
    return await(() -> {
      Seen seen = situation.look();
      return seen.isAsDecided()
          && seen.onePullRequest().isPassed()
          && checks.courier().underWay() == 0
          && checks.deliveries().isPassed()
          && checks.sandboxes(seen).isPassed();
    });
  }

  private Duration await(Ending ending) throws IOException, InterruptedException {
    long start = System.nanoTime();
    long said = start;
    while (!ending.hasCome() && System.nanoTime() - start < settle.toNanos()) {
      if (System.nanoTime() - said > BETWEEN_WORDS.toNanos()) {
        said = System.nanoTime();
        progress.accept(describe());
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private String describe() throws InterruptedException {
    TaskApi tasks = situation.tasks;
    JsonNode counts =
        tasks
            .api()
            .tryOnce("GET", "/api/v1/executions/" + tasks.execution(), null, Map.of())
            .map(answer -> answer.json().path("tasks"))
            .orElseGet(MissingNode::getInstance);
    StringBuilder line =
        new StringBuilder(
            "%d of %d tasks asked for, %d of %d faults"
                .formatted(
                    situation.work.asked(),
                    plan.tasks().size(),
                    faults.ended(),
                    plan.faults().size()));
    for (String state : STATES) {
      int count = counts.path(state).asInt(0);
      if (count > 0) {
        line.append(", %d %s".formatted(count, state.replace('_', ' ')));
      }
    }
    return line.toString();
  }
}
