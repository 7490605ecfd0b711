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
import java.util.Optional;

/// Puts the values of secrets in place of their references, for as long as a call takes.
final class Environments {
  private final TenantSecrets secrets;

  Environments(TenantSecrets secrets) {
    this.secrets = secrets;
  }

  /// The environment of all that runs in a sandbox.
  ///
  /// @throws ProviderRefusedException `validation_failed`: the tenant has no such secret any more
  Map<String, String> of(LeasedOperation operation, SandboxSpec spec) {
    return read(operation.aggregate().tenant(), spec.environment()).complete();
  }

  /// Reads each secret once: so what a process gets is what is masked, also while somebody changes
  /// it.
  Environment read(String tenant, Map<String, String> environment) {
    var plain = new HashMap<String, String>();
    var values = new HashMap<String, String>();
    var missing = new ArrayList<String>();
    for (Map.Entry<String, String> entry : environment.entrySet()) {
      if (!TenantSecrets.isReference(entry.getValue())) {
        plain.put(entry.getKey(), entry.getValue());
        continue;
      }
      Optional<Secret> secret = secrets.resolve(tenant, entry.getValue());
      if (secret.isPresent()) {
        values.put(entry.getKey(), secret.get().value());
      } else {
        missing.add(entry.getKey());
      }
    }
    return new Environment(plain, values, missing);
  }

  /// An environment as it was read. It holds secrets, so it never prints.
  static final class Environment {
    private final Map<String, String> plain;
    private final Map<String, String> secrets;
    private final List<String> missing;

    private Environment(
        Map<String, String> plain, Map<String, String> secrets, List<String> missing) {
      this.plain = Map.copyOf(plain);
      this.secrets = Map.copyOf(secrets);
      this.missing = List.copyOf(missing);
    }

    /// Those whose values are secrets, of as many as are there.
    Map<String, String> secrets() {
      return secrets;
    }

    /// Those whose secrets are not there any more.
    List<String> missing() {
      return missing;
    }

    /// All of it.
    ///
    /// @throws ProviderRefusedException `validation_failed`: the tenant has no such secret any more
    Map<String, String> complete() {
      if (!missing.isEmpty()) {
        throw new ProviderRefusedException(
            FailureCode.VALIDATION_FAILED,
            "There is no secret for %s: put it into the tenant's folder of the secrets directory."
                .formatted(missing.getFirst()),
            false,
            null);
      }
      var all = new HashMap<>(plain);
      all.putAll(secrets);
      return all;
    }
  }
}
