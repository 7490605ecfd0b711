package dev.slipway.standalone.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/// A person at GitHub, who merges and closes pull requests as the plan says.
///
/// @param isOver whether there will be nothing more to do
record Reviewer(GitHubSide gitHub, TaskApi api, Work work, BooleanSupplier isOver)
    implements Callable<Integer> {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
  private static final String IN_REVIEW = "IN_REVIEW";

  /// Returns when it is over, with the number of what was done.
  @Override
  public Integer call() throws IOException, InterruptedException {
    int done = 0;
    while (!isOver.getAsBoolean()) {
      for (Work.Repository repository : work.repositories()) {
        for (JsonNode pull : gitHub.pulls(repository.name(), "open")) {
          done += look(repository, pull) ? 1 : 0;
        }
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
    return done;
  }

  private boolean look(Work.Repository repository, JsonNode pull)
      throws IOException, InterruptedException {
    Optional<UUID> id = Work.taskOf(pull.at("/head/ref").asString(""));
    Optional<PlannedTask> task = id.flatMap(work::find);
    if (task.isEmpty() || work.doneWith(id.get()).isPresent()) {
      return false;
    }
    long number = pull.path("number").asLong();
    boolean isDone =
        switch (task.get().fate()) {
          case LEAVE, CANCEL -> false;
          case MERGE_AT_ONCE -> gitHub.merge(repository.name(), number, task.get().isSquashed());
          case MERGE ->
              api.state(id.get()).equals(IN_REVIEW)
                  && gitHub.merge(repository.name(), number, task.get().isSquashed());
          case CLOSE ->
              api.state(id.get()).equals(IN_REVIEW) && gitHub.close(repository.name(), number);
        };
    if (isDone) {
      work.done(id.get(), task.get().fate());
    }
    return isDone;
  }
}
