package dev.slipway.pr.task;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A part of a task as an event leaves it.
sealed interface TaskPart {
  record Status(TaskStatus to) implements TaskPart {}

  /// What it was made as.
  record Made(UUID id, UUID creation, TaskSpec spec) implements TaskPart {}

  record Owner(TaskOwner to) implements TaskPart {}

  record Attempted(TaskState.Progress to) implements TaskPart {}

  record Repository(TaskState.Repository to) implements TaskPart {}

  record Work(TaskState.Work to) implements TaskPart {}

  record PullRequest(TaskPullRequest to) implements TaskPart {}

  record Strays(List<TaskState.Stray> to) implements TaskPart {
    public Strays {
      to = List.copyOf(to);
    }
  }

  record Outcome(@Nullable String to) implements TaskPart {}

  record Failure(@Nullable TaskFailure to) implements TaskPart {}

  record Times(TaskState.Times to) implements TaskPart {}

  record Remembered(List<UUID> to) implements TaskPart {
    public Remembered {
      to = List.copyOf(to);
    }
  }
}
