package dev.slipway.pr.task;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pr.task.TaskSpec.PullRequestTexts;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.task.CliRunner;
import dev.slipway.schemas.task.CommandsRunner;
import dev.slipway.schemas.task.CreateTask;
import dev.slipway.schemas.task.Failure;
import dev.slipway.schemas.task.PromptVia;
import dev.slipway.schemas.task.PullRequestTemplate;
import dev.slipway.schemas.task.TaskPullRequestState;
import org.jspecify.annotations.Nullable;

/// Values of records, both ways.
final class TaskValueCodec {
  private TaskValueCodec() {}

  static Context context(
      String tenant, @Nullable String task, @Nullable String sandbox, TaskOwner owner) {
    return new Context(
        tenant,
        owner.userId(),
        task,
        owner.executionId(),
        owner.squadId(),
        owner.agentId(),
        owner.sessionId(),
        sandbox);
  }

  static TaskOwner owner(Context context) {
    return new TaskOwner(
        context.getUserId(),
        context.getExecutionId(),
        context.getSquadId(),
        context.getAgentId(),
        context.getSessionId());
  }

  static CreateTask spec(TaskSpec spec, boolean start) {
    return CreateTask.newBuilder()
        .setTitle(spec.title())
        .setRepositoryUrl(spec.repositoryUrl())
        .setRunner(runner(spec.runner()))
        .setDescription(spec.description())
        .setBaseBranch(spec.baseBranch())
        .setTemplate(spec.template())
        .setTimeoutSeconds(spec.timeoutSeconds())
        .setSandboxSeconds(spec.sandboxSeconds())
        .setStart(start)
        .setLabels(spec.labels())
        .setPullRequest(texts(spec.pullRequest()))
        .build();
  }

  /// @throws PermanentException it holds what this build does not know
  static TaskSpec spec(CreateTask create) {
    return new TaskSpec(
        create.getTitle(),
        create.getDescription(),
        create.getRepositoryUrl(),
        runner(create.getRunner()),
        create.getBaseBranch(),
        create.getTemplate(),
        create.getTimeoutSeconds(),
        create.getSandboxSeconds(),
        create.getLabels(),
        create.getPullRequest() == null ? PullRequestTexts.NONE : texts(create.getPullRequest()));
  }

  private static Object runner(Runner runner) {
    return switch (runner) {
      case Runner.Commands(var commands) -> new CommandsRunner(commands);
      case Runner.Cli cli ->
          new CliRunner(
              cli.commandLine(),
              cli.environment(),
              cli.prompt(),
              PromptVia.valueOf(cli.promptVia().name()));
    };
  }

  private static Runner runner(Object runner) {
    return switch (runner) {
      case CommandsRunner commands -> new Runner.Commands(commands.getCommands());
      case CliRunner cli ->
          new Runner.Cli(
              cli.getCommandLine(), cli.getEnvironment(), cli.getPrompt(), via(cli.getPromptVia()));
      default -> throw unknown();
    };
  }

  private static Runner.PromptVia via(PromptVia via) {
    return switch (via) {
      case STDIN -> Runner.PromptVia.STDIN;
      case FILE -> Runner.PromptVia.FILE;
      case UNKNOWN -> throw unknown();
    };
  }

  static PullRequestTemplate texts(PullRequestTexts texts) {
    return new PullRequestTemplate(texts.title(), texts.body(), texts.draft());
  }

  static PullRequestTexts texts(PullRequestTemplate texts) {
    return new PullRequestTexts(texts.getTitle(), texts.getBody(), texts.getDraft());
  }

  static @Nullable Failure failure(@Nullable TaskFailure failure) {
    return failure == null
        ? null
        : new Failure(failure.code(), failure.message(), failure.retryable());
  }

  static @Nullable TaskFailure failure(@Nullable Failure failure) {
    return failure == null
        ? null
        : new TaskFailure(failure.getCode(), failure.getMessage(), failure.getRetryable());
  }

  static dev.slipway.schemas.task.@Nullable TaskPullRequest pullRequest(
      @Nullable TaskPullRequest pullRequest) {
    return pullRequest == null
        ? null
        : new dev.slipway.schemas.task.TaskPullRequest(
            pullRequest.number(),
            pullRequest.url(),
            TaskPullRequestState.valueOf(pullRequest.state().name()));
  }

  static @Nullable TaskPullRequest pullRequest(
      dev.slipway.schemas.task.@Nullable TaskPullRequest pullRequest) {
    return pullRequest == null
        ? null
        : new TaskPullRequest(
            pullRequest.getNumber(),
            pullRequest.getUrl(),
            switch (pullRequest.getState()) {
              case OPEN -> TaskPullRequest.State.OPEN;
              case CLOSED -> TaskPullRequest.State.CLOSED;
              case MERGED -> TaskPullRequest.State.MERGED;
              case UNKNOWN -> throw unknown();
            });
  }

  static PermanentException unknown() {
    return new PermanentException("it has a value that this build does not know", null);
  }
}
