package dev.slipway.pr.task;

import dev.slipway.pipeline.core.Operation;
import dev.slipway.pr.opening.Wish;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What a worker asks of GitHub for a task.
///
/// | kind | how long it is tried |
/// |---|---|
/// | `survey_repository` | 10 min |
/// | `open_pull_request` | 1 h |
/// | `close_pull_request` | 7 days |
/// | `read_pull_request` | 10 min |
sealed interface TaskOperation extends Operation {
  /// Looks at the repository and at what is there of the task's branch.
  ///
  /// @param repositoryUrl normalised
  /// @param shas commits of the task, the newest last
  record Survey(UUID operation, String repositoryUrl, String branch, List<String> shas)
      implements TaskOperation {
    public Survey {
      shas = List.copyOf(shas);
    }

    @Override
    public Optional<UUID> id() {
      return Optional.of(operation);
    }
  }

  /// Opens the pull request of the task, or finds it.
  ///
  /// @param forLife whether its head is the task's own branch, which has one for life; else it is
  ///   somebody's who asks for one of it as it is now
  record Open(UUID operation, Wish wish, boolean forLife) implements TaskOperation {
    @Override
    public Optional<UUID> id() {
      return Optional.of(operation);
    }
  }

  /// Closes a pull request, and says why.
  ///
  /// @param fullName `owner/name` of the repository
  /// @param reason for people
  record Close(UUID operation, String fullName, long repositoryId, long number, String reason)
      implements TaskOperation {
    @Override
    public Optional<UUID> id() {
      return Optional.of(operation);
    }
  }

  /// Reads a pull request.
  ///
  /// @param fullName `owner/name` of the repository
  record Read(String fullName, long repositoryId, long number) implements TaskOperation {}
}
