package dev.slipway.standalone.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/// A person at GitHub, who merges and closes pull requests as the plan says.
///
/// @param courier by whom GitHub tells of them: who lists them all the time gets the faults that
///   are meant for Slipway's look-ups
/// @param isOver whether there will be nothing more to do
record Reviewer(GitHubSide gitHub, TaskApi api, Work work, Courier courier, BooleanSupplier isOver)
    implements Callable<Integer> {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(300);

  /// A GitHub that was killed may have forgotten to tell.
  private static final Duration LIST_AGAIN = Duration.ofSeconds(20);

  private static final String IN_REVIEW = "IN_REVIEW";

  /// Returns when it is over, with the number of what was done.
  @Override
  public Integer call() throws IOException, InterruptedException {
    int done = 0;
    long listed = System.nanoTime();
    while (!isOver.getAsBoolean()) {
      for (Opening opening : courier.openings()) {
        done += look(opening) ? 1 : 0;
      }
      if (System.nanoTime() - listed > LIST_AGAIN.toNanos()) {
        done += list();
        listed = System.nanoTime();
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
    return done;
  }

  private int list() throws IOException, InterruptedException {
    int done = 0;
    for (Work.Repository repository : work.repositories()) {
      for (JsonNode pull : gitHub.pulls(repository.name(), "open")) {
        Optional<Opening> opening = Opening.of(repository.name(), pull);
        done += opening.isPresent() && look(opening.get()) ? 1 : 0;
      }
    }
    return done;
  }

  private boolean look(Opening opening) throws IOException, InterruptedException {
    Optional<PlannedTask> task = work.find(opening.task());
    if (task.isEmpty() || work.doneWith(opening.task()).isPresent()) {
      return false;
    }
    boolean isDone =
        switch (task.get().fate()) {
          case LEAVE, CANCEL -> false;
          case MERGE_AT_ONCE -> merge(opening, task.get());
          case MERGE -> isInReview(opening) && merge(opening, task.get());
          case CLOSE -> isInReview(opening) && gitHub.close(opening.repository(), opening.number());
        };
    if (isDone) {
      work.done(opening.task(), task.get().fate());
    }
    return isDone;
  }

  private boolean isInReview(Opening opening) throws IOException, InterruptedException {
    return api.state(opening.task()).equals(IN_REVIEW);
  }

  private boolean merge(Opening opening, PlannedTask task)
      throws IOException, InterruptedException {
    return gitHub.merge(opening.repository(), opening.number(), task.isSquashed());
  }
}
