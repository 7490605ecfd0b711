package dev.slipway.pr.task;

import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pipeline.stage.OperationCodec;
import java.time.Duration;
import java.util.Optional;

/// Operations as rows, and back.
final class TaskOperationCodec implements OperationCodec<TaskOperation> {
  private static final String SURVEY = "survey_repository";
  static final String OPEN = "open_pull_request";
  private static final String CLOSE = "close_pull_request";
  private static final String READ = "read_pull_request";

  private static final Duration TO_READ = Duration.ofMinutes(10);

  /// GitHub's budget of what may be created is one of an hour.
  static final Duration TO_WRITE = Duration.ofHours(1);

  /// Longer than an outage: one that stays open is one too many.
  private static final Duration TO_CLOSE = Duration.ofDays(7);

  @Override
  public String kind(TaskOperation operation) {
    return switch (operation) {
      case TaskOperation.Survey _ -> SURVEY;
      case TaskOperation.Open _ -> OPEN;
      case TaskOperation.Close _ -> CLOSE;
      case TaskOperation.Read _ -> READ;
    };
  }

  @Override
  public String encode(TaskOperation operation) {
    return TaskJson.write(operation);
  }

  /// What a worker has taken.
  static TaskOperation decode(LeasedOperation leased) {
    Class<? extends TaskOperation> type =
        switch (leased.kind()) {
          case SURVEY -> TaskOperation.Survey.class;
          case OPEN -> TaskOperation.Open.class;
          case CLOSE -> TaskOperation.Close.class;
          case READ -> TaskOperation.Read.class;
          default -> throw new IllegalStateException("no operation of a task: " + leased.kind());
        };
    return TaskJson.operation(leased.request(), type);
  }

  /// One pull request is opened at a time, also when an earlier attempt was broken off.
  @Override
  public boolean isOrdered(TaskOperation operation) {
    return operation instanceof TaskOperation.Open;
  }

  @Override
  public Optional<Duration> patience(TaskOperation operation) {
    return Optional.of(
        switch (operation) {
          case TaskOperation.Survey _, TaskOperation.Read _ -> TO_READ;
          case TaskOperation.Open _ -> TO_WRITE;
          case TaskOperation.Close _ -> TO_CLOSE;
        });
  }
}
