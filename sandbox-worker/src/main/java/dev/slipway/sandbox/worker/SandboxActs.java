package dev.slipway.sandbox.worker;

import dev.slipway.pipeline.operation.Act;
import dev.slipway.pipeline.operation.Lease;
import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.pipeline.stage.Failure;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.ProviderUnavailableException;
import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.sandbox.sandbox.SandboxInput;
import dev.slipway.sandbox.sandbox.SandboxOperation;
import dev.slipway.sandbox.sandbox.SandboxOperationCodec;
import dev.slipway.sandbox.sandbox.SandboxRows;
import dev.slipway.sandbox.sandbox.SandboxSpec;
import dev.slipway.sandbox.sandbox.SandboxState;
import java.time.Duration;
import java.util.Optional;

/// Does what sandboxes ask for.
///
/// | what the provider answers | outcome |
/// |---|---|
/// | done | succeeded |
/// | refused | failed, with the provider's code |
/// | away, busy, no answer | tried again until the operation is overdue, then failed with that code |
final class SandboxActs implements Act<SandboxInput> {
  private final SandboxProvider provider;
  private final Maker maker;
  private final CommandAct commands;
  private final RepositoryAct repositories;
  private final Environments environments;
  private final SandboxRows rows;
  private final Duration lifetime;

  SandboxActs(
      SandboxProvider provider,
      Maker maker,
      CommandAct commands,
      RepositoryAct repositories,
      Environments environments,
      SandboxRows rows,
      Duration lifetime) {
    this.provider = provider;
    this.maker = maker;
    this.commands = commands;
    this.repositories = repositories;
    this.environments = environments;
    this.rows = rows;
    this.lifetime = lifetime;
  }

  @Override
  public Outcome<SandboxInput> act(LeasedOperation operation, Lease<SandboxInput> lease)
      throws InterruptedException {
    try {
      return switch (SandboxOperationCodec.decode(operation)) {
        case SandboxOperation.CreateSandbox wanted -> create(operation, wanted.spec(), lease);
        case SandboxOperation.RunCommand wanted -> commands.act(operation, wanted, lease);
        case SandboxOperation.Git wanted -> repositories.act(operation, wanted, lease);
        case SandboxOperation.Terminate(var id) -> terminate(operation, id);
        case SandboxOperation.Pause _ -> pause(operation, lease);
        case SandboxOperation.Resume _ -> resume(operation, lease);
        case SandboxOperation.Reset _ -> reset(operation, lease);
        case SandboxOperation.Extend(_, var timeout) -> extend(operation, timeout);
      };
    } catch (ProviderRefusedException e) {
      return new Outcome.Failed<>(
          new Failure(
              e.code().wireName(),
              String.valueOf(e.getMessage()),
              // in another sandbox, as commands say it that were lost
              e.code() == FailureCode.QUOTA_EXCEEDED || e.code() == FailureCode.SANDBOX_LOST),
          null,
          null);
    } catch (ProviderUnavailableException e) {
      return new Outcome.Later<>(
          new Failure(e.code().wireName(), String.valueOf(e.getMessage()), true), e.retryAfter());
    }
  }

  private Outcome<SandboxInput> create(
      LeasedOperation operation, SandboxSpec spec, Lease<SandboxInput> lease) {
    return maker
        .make(operation, spec, environments.of(operation, spec), lease.isCancelled())
        .<Outcome<SandboxInput>>map(id ->
            new Outcome.Succeeded<>(
                new SandboxInput.Created(operation.id(), provider.name(), id.value()),
                "{\"sandbox_id\": \"%s\"}".formatted(operation.aggregate().key())))
        .orElseGet(() ->
            new Outcome.Cancelled<>(new SandboxInput.CreationCancelled(operation.id()), null));
  }

  /// What is not there any more has ended.
  private Outcome<SandboxInput> terminate(LeasedOperation operation, String externalId) {
    try {
      boolean _ = provider.kill(new ExternalId(externalId));
    } catch (ProviderRefusedException e) {
      // a wrong key is put right some time: until then its name stays taken, and it costs money
      return new Outcome.Later<>(
          new Failure(e.code().wireName(), String.valueOf(e.getMessage()), true), Duration.ZERO);
    }
    return new Outcome.Succeeded<>(new SandboxInput.Terminated(operation.id(), externalId), null);
  }

  private Outcome<SandboxInput> pause(LeasedOperation operation, Lease<SandboxInput> lease) {
    if (isCancelledInTime(operation, lease)) {
      return cancelled(operation);
    }
    boolean _ = provider.pause(place(operation)); // false: an earlier worker has
    return new Outcome.Succeeded<>(new SandboxInput.Paused(operation.id()), null);
  }

  private Outcome<SandboxInput> resume(LeasedOperation operation, Lease<SandboxInput> lease) {
    if (isCancelledInTime(operation, lease)) {
      return cancelled(operation);
    }
    var _ = provider.resume(place(operation), lifetime);
    return new Outcome.Succeeded<>(new SandboxInput.Resumed(operation.id()), null);
  }

  /// Another is made in its place: only so has it what its template has, and no process.
  private Outcome<SandboxInput> reset(LeasedOperation operation, Lease<SandboxInput> lease) {
    SandboxSpec spec = alive(operation).map(SandboxState::spec).orElseThrow(SandboxActs::lost);
    return maker
        .make(operation, spec, environments.of(operation, spec), lease.isCancelled())
        .<Outcome<SandboxInput>>map(id ->
            new Outcome.Succeeded<>(
                new SandboxInput.WasReset(operation.id(), provider.name(), id.value()), null))
        .orElseGet(() -> cancelled(operation));
  }

  private Outcome<SandboxInput> extend(LeasedOperation operation, Duration timeout) {
    provider.extend(place(operation), lifetime);
    return new Outcome.Succeeded<>(new SandboxInput.Extended(operation.id(), timeout), null);
  }

  /// An earlier worker may have done it, and nobody can tell: to do it again says so.
  private static boolean isCancelledInTime(LeasedOperation operation, Lease<SandboxInput> lease) {
    return lease.isCancelled() && operation.epoch() == 1;
  }

  private static Outcome<SandboxInput> cancelled(LeasedOperation operation) {
    return new Outcome.Cancelled<>(new SandboxInput.OperationCancelled(operation.id()), null);
  }

  private ExternalId place(LeasedOperation operation) {
    return alive(operation)
        .map(SandboxState::externalId)
        .map(ExternalId::new)
        .orElseThrow(SandboxActs::lost);
  }

  private Optional<SandboxState> alive(LeasedOperation operation) {
    return rows.find(operation.aggregate()).filter(state -> state.status().isAlive());
  }

  private static ProviderRefusedException lost() {
    return new ProviderRefusedException(
        FailureCode.SANDBOX_LOST, "The sandbox is gone: make another.", false, null);
  }
}
