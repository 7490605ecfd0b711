package dev.slipway.sandbox.worker;

import dev.slipway.pipeline.operation.Lease;
import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.pipeline.stage.Failure;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.sandbox.command.CommandInSandbox.Wanted;
import dev.slipway.sandbox.command.Exit;
import dev.slipway.sandbox.command.OutputSource;
import dev.slipway.sandbox.command.RunCommandAct;
import dev.slipway.sandbox.command.RunCommandAct.Ran;
import dev.slipway.sandbox.provider.ExternalId;
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
import dev.slipway.sandbox.sandbox.SandboxValueCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    Optional<SandboxDetail> found =
        sandbox.map(SandboxState::externalId).map(ExternalId::new).flatMap(provider::find);
    if (sandbox.isEmpty() || found.isEmpty()) {
      return lost(operation, new Ran.Lost(0, 0, true));
    }
    String tenant = operation.aggregate().tenant();
    Environments.Resolved own = environments.resolve(tenant, wanted.command().environment());
    var secrets = new ArrayList<>(own.secrets());
    if (sandbox.get().spec() != null) {
      secrets.addAll(environments.resolve(tenant, sandbox.get().spec().environment()).secrets());
    }
    Ran ran =
        commands.run(
            operation,
            source(operation, sandbox.get()),
            provider.open(found.get().sandbox()),
            wanted(wanted.command(), own.values()),
            secrets,
            lease,
            () -> lease.progressed(new CommandBegan(operation.id())));
    return outcome(operation, wanted.command(), ran);
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
      case Ran.Ended(Exit exit, var cancelled) when cancelled -> {
        CommandResult result = result(exit);
        yield new Outcome.Cancelled<>(
            new CommandEnded(operation.id(), result, null, true), json(result));
      }
      case Ran.Ended(Exit exit, _) when exit.late() ->
          failed(
              operation,
              result(exit),
              new Failure(
                  "timeout",
                  "The command ran for longer than its %d seconds and was stopped: give it more."
                      .formatted(spec.timeout().toSeconds()),
                  false));
      case Ran.Ended(Exit exit, _) -> {
        CommandResult result = result(exit);
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
        new CommandResult(null, null, lost.stdoutBytes(), lost.stderrBytes(), false, 0);
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

  private static CommandResult result(Exit exit) {
    return new CommandResult(
        exit.code(),
        exit.signal(),
        exit.stdoutBytes(),
        exit.stderrBytes(),
        exit.truncated(),
        exit.durationMillis());
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
