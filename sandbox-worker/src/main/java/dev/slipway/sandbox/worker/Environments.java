package dev.slipway.sandbox.worker;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.pipeline.security.TenantSecrets;
import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.sandbox.SandboxSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Puts the values of secrets in place of their references, for as long as a call takes.
final class Environments {
  private final TenantSecrets secrets;

  Environments(TenantSecrets secrets) {
    this.secrets = secrets;
  }

  /// An environment as a process gets it.
  ///
  /// @param secrets values that must be masked
  record Resolved(Map<String, String> values, List<String> secrets) {
    /// Leaves out all values.
    @Override
    public String toString() {
      return "Resolved" + values.keySet();
    }
  }

  /// The environment of all that runs in a sandbox.
  ///
  /// @throws ProviderRefusedException `validation_failed`: the tenant has no such secret any more
  Map<String, String> of(LeasedOperation operation, SandboxSpec spec) {
    return resolve(operation.aggregate().tenant(), spec.environment()).values();
  }

  /// Resolves an environment.
  ///
  /// @throws ProviderRefusedException `validation_failed`: the tenant has no such secret any more
  Resolved resolve(String tenant, Map<String, String> environment) {
    var values = new HashMap<String, String>();
    var hidden = new ArrayList<String>();
    environment.forEach((name, value) -> {
      if (TenantSecrets.isReference(value)) {
        Secret secret =
            secrets
                .resolve(tenant, value)
                .orElseThrow(() ->
                    new ProviderRefusedException(
                        FailureCode.VALIDATION_FAILED,
                        "There is no secret for %s: put it into the tenant's folder of the secrets directory."
                            .formatted(name),
                        false,
                        null));
        values.put(name, secret.value());
        hidden.add(secret.value());
      } else {
        values.put(name, value);
      }
    });
    return new Resolved(values, hidden);
  }
}
