package dev.slipway.standalone.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/// Asks for the plan's tasks, so many at a time, each fault's share once the fault has begun.
///
/// @param people on whose threads tasks are cancelled
/// @param atOnce how many may be on their way
record Load(ChaosPlan plan, TaskApi api, Work work, Gate gate, ExecutorService people, int atOnce)
    implements Callable<Integer> {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(400);

  /// Who says how many tasks may have been asked for by now.
  @FunctionalInterface
  interface Gate {
    int open();
  }

  /// Returns when all have been asked for.
  @Override
  public Integer call() throws IOException, InterruptedException {
    List<PlannedTask> tasks = plan.tasks();
    int room = atOnce;
    for (PlannedTask task : tasks) {
      while (room <= 0 || work.asked() >= gate.open()) {
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        room = atOnce - underWay();
      }
      UUID id = api.create(task, work.repositoryOf(task).url());
      work.taken(id, task);
      room--;
      if (task.fate() == Fate.CANCEL) {
        var _ = people.submit(() -> cancel(id, task));
      }
    }
    return tasks.size();
  }

  private int underWay() throws IOException, InterruptedException {
    JsonNode counts = api.counts();
    return counts.path("todo").asInt(0) + counts.path("in_progress").asInt(0);
  }

  private boolean cancel(UUID id, PlannedTask task) throws IOException, InterruptedException {
    LockSupport.parkNanos(task.cancelAfter().toNanos());
    boolean isTaken = api.cancel(id);
    work.done(id, isTaken ? Fate.CANCEL : Fate.LEAVE);
    return isTaken;
  }
}
