package dev.slipway.sandbox.worker;

import dev.slipway.pipeline.operation.Lease;
import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.pipeline.stage.Failure;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.sandbox.git.GitActs;
import dev.slipway.sandbox.git.GitActs.Place;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.sandbox.provider.SandboxSession;
import dev.slipway.sandbox.sandbox.SandboxInput;
import dev.slipway.sandbox.sandbox.SandboxOperation;
import dev.slipway.sandbox.sandbox.SandboxRows;
import dev.slipway.sandbox.sandbox.SandboxState;
import dev.slipway.sandbox.sandbox.SandboxStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Finds the sandbox of work on a repository, and has it done there.
final class RepositoryAct {
  private final SandboxProvider provider;
  private final SandboxRows rows;
  private final Environments environments;
  private final GitActs git;

  RepositoryAct(
      SandboxProvider provider, SandboxRows rows, Environments environments, GitActs git) {
    this.provider = provider;
    this.rows = rows;
    this.environments = environments;
    this.git = git;
  }

  Outcome<SandboxInput> act(
      LeasedOperation operation, SandboxOperation.Git wanted, Lease<SandboxInput> lease)
      throws InterruptedException {
    if (lease.isCancelled() && operation.epoch() == 1) {
      return new Outcome.Cancelled<>(new SandboxInput.OperationCancelled(operation.id()), null);
    }
    SandboxState sandbox =
        rows.find(operation.aggregate())
            .filter(state -> state.status().isAlive())
            .orElseThrow(RepositoryAct::lost);
    if (sandbox.status() == SandboxStatus.PAUSED) {
      return new Outcome.Later<>(
          new Failure("unavailable", "The sandbox is paused: resume it.", true), Duration.ZERO);
    }
    String externalId = sandbox.externalId();
    if (externalId == null) {
      throw lost();
    }
    SandboxSession session =
        provider
            .find(new ExternalId(externalId))
            .map(found -> provider.open(found.sandbox()))
            .orElseThrow(RepositoryAct::lost);
    return git.act(
        operation,
        wanted,
        new Place(session, sandbox.checkouts(), secrets(operation, sandbox)),
        lease);
  }

  /// Values of all secrets that were given to what runs in the sandbox.
  private Set<String> secrets(LeasedOperation operation, SandboxState sandbox) {
    Map<String, String> references = new HashMap<>();
    if (sandbox.spec() != null) {
      references.putAll(sandbox.spec().environment());
    }
    rows.references(operation.aggregate()).forEach(one -> references.put(one, one));
    return new HashSet<>(
        environments.read(operation.aggregate().tenant(), references).secrets().values());
  }

  private static ProviderRefusedException lost() {
    return new ProviderRefusedException(
        FailureCode.SANDBOX_LOST, "The sandbox is gone: make another.", false, null);
  }
}
