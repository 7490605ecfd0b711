package dev.slipway.pr.task;

import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pr.task.TaskSpec.PullRequestTexts;
import dev.slipway.web.ApiException;
import dev.slipway.web.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Body of `POST /api/v1/tasks`; what is null or left out has its default.
record TaskRequestJson(
    @Nullable String title,
    @Nullable String description,
    @Nullable String repositoryUrl,
    @Nullable RunnerJson runner,
    @Nullable String baseBranch,
    @Nullable String template,
    @Nullable Integer timeoutSeconds,
    @Nullable Integer sandboxSeconds,
    @Nullable Boolean start,
    @Nullable String agentId,
    @Nullable String executionId,
    @Nullable String squadId,
    @Nullable UUID sessionId,
    @Nullable List<@Nullable String> labels,
    @Nullable PullRequestJson pullRequest) {
  private static final String TEMPLATE = "base";
  private static final int TIMEOUT_SECONDS = 3_600;

  /// How its pull request is to be.
  record PullRequestJson(@Nullable String title, @Nullable String body, @Nullable Boolean draft) {}

  /// The task that it asks for, its repository as it was given.
  ///
  /// @throws ApiException 422 when something is missing, or null where it must not be
  TaskSpec spec() {
    if (title == null || repositoryUrl == null || runner == null) {
      throw ApiException.invalid(missing());
    }
    var spec =
        new TaskSpec(
            title,
            description,
            repositoryUrl,
            runner.runner(),
            baseBranch,
            template == null ? TEMPLATE : template,
            timeoutSeconds == null ? TIMEOUT_SECONDS : timeoutSeconds,
            sandboxSeconds,
            RunnerJson.texts("labels", labels == null ? List.of() : labels),
            pullRequest == null
                ? PullRequestTexts.NONE
                : new PullRequestTexts(
                    pullRequest.title, pullRequest.body, Boolean.TRUE.equals(pullRequest.draft)));
    return RepositoryUrl.parse(repositoryUrl).map(spec::at).orElse(spec);
  }

  private List<FieldError> missing() {
    var missing = new ArrayList<FieldError>();
    require(missing, "title", title);
    require(missing, "repository_url", repositoryUrl);
    require(missing, "runner", runner);
    return missing;
  }

  private static void require(List<FieldError> missing, String field, @Nullable Object value) {
    if (value == null) {
      missing.add(new FieldError(field, "required", "It must be given."));
    }
  }

  TaskOwner owner(String userId) {
    return new TaskOwner(
        userId,
        executionId,
        squadId,
        agentId,
        Optional.ofNullable(sessionId).map(UUID::toString).orElse(null));
  }

  boolean isToStart() {
    return Boolean.TRUE.equals(start);
  }
}
