package dev.slipway.sandbox.worker;

import dev.slipway.pipeline.operation.Lease;
import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.pipeline.stage.Failure;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.sandbox.command.CommandInSandbox.Wanted;
import dev.slipway.sandbox.command.Exit;
import dev.slipway.sandbox.command.Mask;
import dev.slipway.sandbox.command.OutputSource;
import dev.slipway.sandbox.command.RunCommandAct;
import dev.slipway.sandbox.command.RunCommandAct.Ran;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.SandboxDetail;
import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.sandbox.sandbox.CommandResult;
import dev.slipway.sandbox.sandbox.CommandSpec;
import dev.slipway.sandbox.sandbox.SandboxFailure;
import dev.slipway.sandbox.sandbox.SandboxInput;
import dev.slipway.sandbox.sandbox.SandboxInput.CommandBegan;
import dev.slipway.sandbox.sandbox.SandboxInput.CommandEnded;
import dev.slipway.sandbox.sandbox.SandboxOperation;
import dev.slipway.sandbox.sandbox.SandboxRows;
import dev.slipway.sandbox.sandbox.SandboxState;
import dev.slipway.sandbox.sandbox.SandboxStatus;
import dev.slipway.sandbox.sandbox.SandboxValueCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Runs a sandbox's commands, and says what came of them.
///
/// | what came of it | outcome |
/// |---|---|
/// | it ended, whatever its exit code | succeeded |
/// | its time was over | failed, `timeout` |
/// | it was stopped, or never begun, because it was no longer wanted | cancelled |
/// | its sandbox is gone | failed, `sandbox_lost` |
/// | it was begun, and is gone | failed, `command_lost` |
final class CommandAct {
  private static final String HOME = "/home/user";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final SandboxProvider provider;
  private final SandboxRows rows;
  private final Environments environments;
  private final RunCommandAct commands;
  private final long outputLimitBytes;

  CommandAct(
      SandboxProvider provider,
      SandboxRows rows,
      Environments environments,
      RunCommandAct commands,
      long outputLimitBytes) {
    this.provider = provider;
    this.rows = rows;
    this.environments = environments;
    this.commands = commands;
    this.outputLimitBytes = outputLimitBytes;
  }

  Outcome<SandboxInput> act(
      LeasedOperation operation, SandboxOperation.RunCommand wanted, Lease<SandboxInput> lease)
      throws InterruptedException {
    Optional<SandboxState> sandbox =
        rows.find(operation.aggregate()).filter(state -> state.status().isAlive());
    if (sandbox.filter(state -> state.status() == SandboxStatus.PAUSED).isPresent()) {
      return new Outcome.Later<>(
          new Failure("unavailable", "The sandbox is paused: resume it.", true), Duration.ZERO);
    }
    Optional<SandboxDetail> found =
        sandbox.map(SandboxState::externalId).map(ExternalId::new).flatMap(provider::find);
    if (sandbox.isEmpty() || found.isEmpty()) {
      return lost(operation, RunCommandAct.lost(operation));
    }
    var begun = new AtomicBoolean(operation.note() != null);
    try {
      return outcome(
          operation,
          wanted.command(),
          run(operation, wanted, lease, sandbox.get(), found.get(), begun));
    } catch (ProviderRefusedException e) {
      // once it runs, nothing but its own end ends it
      if (!begun.get() || e.code() == FailureCode.SANDBOX_LOST) {
        throw e;
      }
      return new Outcome.Later<>(
          new Failure(e.code().wireName(), String.valueOf(e.getMessage()), true), Duration.ZERO);
    }
  }

  private Ran run(
      LeasedOperation operation,
      SandboxOperation.RunCommand wanted,
      Lease<SandboxInput> lease,
      SandboxState sandbox,
      SandboxDetail found,
      AtomicBoolean begun)
      throws InterruptedException {
    String tenant = operation.aggregate().tenant();
    Environments.Environment own = environments.read(tenant, wanted.command().environment());
    Environments.Environment shared =
        environments.read(tenant, sandbox.spec() == null ? Map.of() : sandbox.spec().environment());
    var masked = new ArrayList<>(own.secrets().values());
    masked.addAll(shared.secrets().values());
    if (operation.note() == null) {
      var _ = own.complete(); // what is not there is said before anything runs
    }
    return commands.run(
        operation,
        source(operation, sandbox),
        provider.open(found.sandbox()),
        () -> wanted(wanted.command(), over(shared, own)),
        masked,
        lease,
        () -> {
          begun.set(true);
          lease.progressed(
              new CommandBegan(
                  operation.id(), wanted.command().display(text -> Mask.masked(text, masked))));
        });
  }

  /// What the sandbox was given when it was made may have changed since, or was taken away: a
  /// command gets what is masked, or nothing.
  private static Map<String, String> over(
      Environments.Environment shared, Environments.Environment own) {
    var all = new HashMap<>(shared.secrets());
    shared.missing().forEach(name -> all.put(name, ""));
    all.putAll(own.complete());
    return all;
  }

  private static OutputSource source(LeasedOperation operation, SandboxState sandbox) {
    String id = operation.aggregate().key();
    return new OutputSource(
        operation.id(),
        id,
        SandboxValueCodec.context(operation.aggregate().tenant(), id, sandbox.context()),
        operation.traceparent());
  }

  private Wanted wanted(CommandSpec spec, Map<String, String> environment) {
    List<String> argv =
        spec.command() == null ? spec.argv() : List.of("/bin/bash", "-l", "-c", spec.command());
    return new Wanted(
        argv,
        spec.directory() == null ? HOME : spec.directory(),
        environment,
        spec.stdin() == null ? "" : spec.stdin(),
        spec.timeout(),
        outputLimitBytes);
  }

  private static Outcome<SandboxInput> outcome(
      LeasedOperation operation, CommandSpec spec, Ran ran) {
    return switch (ran) {
      case Ran.Ended(Exit exit, var tail, var cancelled) when cancelled -> {
        CommandResult result = result(exit, tail);
        yield new Outcome.Cancelled<>(
            new CommandEnded(operation.id(), result, null, true), json(result));
      }
      case Ran.Ended(Exit exit, var tail, _) when exit.late() ->
          failed(
              operation,
              result(exit, tail),
              new Failure(
                  "timeout",
                  "The command ran for longer than its %d seconds and was stopped: give it more."
                      .formatted(spec.timeout().toSeconds()),
                  false));
      case Ran.Ended(Exit exit, var tail, _) -> {
        CommandResult result = result(exit, tail);
        yield new Outcome.Succeeded<>(
            new CommandEnded(operation.id(), result, null, false), json(result));
      }
      case Ran.Never _ ->
          new Outcome.Cancelled<>(new CommandEnded(operation.id(), null, null, true), null);
      case Ran.NoDirectory _ ->
          failed(
              operation,
              null,
              new Failure(
                  "validation_failed",
                  "There is no directory %s in the sandbox: make it first."
                      .formatted(spec.directory() == null ? HOME : spec.directory()),
                  false));
      case Ran.Lost lost -> lost(operation, lost);
    };
  }

  private static Outcome<SandboxInput> lost(LeasedOperation operation, Ran.Lost lost) {
    CommandResult result =
        new CommandResult(null, null, lost.stdoutBytes(), lost.stderrBytes(), false, 0, null);
    return failed(
        operation,
        result,
        lost.sandboxToo()
            ? new Failure("sandbox_lost", "The sandbox is gone: make another.", true)
            : new Failure(
                "command_lost",
                "The command was begun, and nobody can tell how it ended: look what it did, then run"
                    + " it again.",
                false));
  }

  private static Outcome<SandboxInput> failed(
      LeasedOperation operation, @Nullable CommandResult result, Failure failure) {
    return new Outcome.Failed<>(
        failure,
        new CommandEnded(
            operation.id(),
            result,
            new SandboxFailure(failure.code(), failure.message(), failure.retryable()),
            false),
        result == null ? null : json(result));
  }

  private static CommandResult result(Exit exit, @Nullable String tail) {
    return new CommandResult(
        exit.code(),
        exit.signal(),
        exit.stdoutBytes(),
        exit.stderrBytes(),
        exit.truncated(),
        exit.durationMillis(),
        tail);
  }

  private static String json(CommandResult result) {
    return JSON.writeValueAsString(
        new ResultJson(
            result.exitCode(),
            result.signal(),
            result.stdoutBytes(),
            result.stderrBytes(),
            result.truncated(),
            result.durationMillis()));
  }

  private record ResultJson(
      @Nullable Integer exit_code,
      @Nullable String signal,
      long stdout_bytes,
      long stderr_bytes,
      boolean truncated,
      long duration_ms) {}
}
