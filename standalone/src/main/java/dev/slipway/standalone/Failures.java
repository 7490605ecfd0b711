package dev.slipway.standalone;

import dev.slipway.benchmarks.MissingToolException;
import dev.slipway.embedded.StartFailedException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.security.InvalidSettingException;
import dev.slipway.standalone.directory.TakenException;
import dev.slipway.standalone.parts.NoRoomException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// Turns what ended a command into its exit status and a message without a stack trace; that goes
/// to the log.
final class Failures implements IExecutionExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    command.getErr().println("slipway: " + describe(failure));
    command.getErr().flush();
    return exitCode(failure);
  }

  private static int exitCode(Exception failure) {
    if (invalidSetting(failure).isPresent()) {
      return ExitCode.PREREQUISITE;
    }
    return switch (failure) {
      case CommandFailedException e -> e.exitCode();
      case TakenException _, MissingToolException _, NoRoomException _ -> ExitCode.PREREQUISITE;
      case RetryableException _ -> ExitCode.UNREACHABLE;
      case TimeoutException _ -> ExitCode.TIMED_OUT;
      case InterruptedException _ -> ExitCode.INTERRUPTED;
      default -> ExitCode.FAILED;
    };
  }

  /// The setting, or the file that one names, that kept a service from starting.
  private static Optional<InvalidSettingException> invalidSetting(Throwable failure) {
    Throwable cause = failure;
    while (cause != null) {
      if (cause instanceof InvalidSettingException invalid) {
        return Optional.of(invalid);
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }

  private static String describe(Exception failure) {
    Optional<InvalidSettingException> invalid = invalidSetting(failure);
    if (invalid.isPresent()) {
      return String.valueOf(invalid.get().getMessage());
    }
    return switch (failure) {
      case InterruptedException _ -> "interrupted";
      case CommandFailedException _,
          TakenException _,
          MissingToolException _,
          NoRoomException _,
          RetryableException _,
          TimeoutException _ ->
          String.valueOf(failure.getMessage());
      case StartFailedException _ -> withCause(failure);
      default -> {
        log.atError().setCause(failure).log("command failed");
        yield rootMessage(failure);
      }
    };
  }

  private static String withCause(Exception failure) {
    Throwable cause = failure.getCause();
    return failure.getMessage() + (cause == null ? "" : ": " + cause.getMessage());
  }

  /// The innermost message, which names the cause; the outer ones tell of beans and contexts.
  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
