package dev.slipway.sandbox.worker;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.pipeline.security.TenantSecrets;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.sandbox.SandboxSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Puts the values of secrets in place of their references, for as long as a call takes.
final class Environments {
  private final TenantSecrets secrets;

  Environments(TenantSecrets secrets) {
    this.secrets = secrets;
  }

  /// Values that must be masked, of as many secrets as are there.
  List<String> secrets(String tenant, Map<String, String> environment) {
    return environment.values().stream()
        .filter(TenantSecrets::isReference)
        .flatMap(reference -> secrets.resolve(tenant, reference).stream())
        .map(Secret::value)
        .toList();
  }

  /// The environment of all that runs in a sandbox.
  ///
  /// @throws ProviderRefusedException `validation_failed`: the tenant has no such secret any more
  Map<String, String> of(LeasedOperation operation, SandboxSpec spec) {
    return resolve(operation.aggregate().tenant(), spec.environment());
  }

  /// An environment as a process gets it.
  ///
  /// @throws ProviderRefusedException `validation_failed`: the tenant has no such secret any more
  Map<String, String> resolve(String tenant, Map<String, String> environment) {
    var values = new HashMap<String, String>();
    environment.forEach((name, value) ->
        values.put(name, TenantSecrets.isReference(value) ? secret(tenant, name, value) : value));
    return values;
  }

  private String secret(String tenant, String name, String reference) {
    return secrets
        .resolve(tenant, reference)
        .map(Secret::value)
        .orElseThrow(() ->
            new ProviderRefusedException(
                FailureCode.VALIDATION_FAILED,
                "There is no secret for %s: put it into the tenant's folder of the secrets directory."
                    .formatted(name),
                false,
                null));
  }
}
