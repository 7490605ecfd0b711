package dev.slipway.sandbox.worker;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// By which a provider's sandboxes are known as ours. Providers find values of letters, digits and
/// dashes alone for sure.
///
/// @param installation of Slipway: several may share an account
/// @param sandbox whose it is
/// @param operation that made it
record Tags(UUID installation, String tenant, String sandbox, UUID operation) {
  private static final String INSTALLATION = "slipway_installation";
  private static final String TENANT = "slipway_tenant";
  private static final String SANDBOX = "slipway_sandbox";
  private static final String OPERATION = "slipway_operation";

  /// What all of an installation's have.
  static Map<String, String> of(UUID installation) {
    return Map.of(INSTALLATION, installation.toString());
  }

  /// What those have that an operation made.
  static Map<String, String> of(UUID installation, UUID operation) {
    return Map.of(INSTALLATION, installation.toString(), OPERATION, operation.toString());
  }

  /// As the provider keeps them.
  ///
  /// @param own the caller's, which never stand above ours
  Map<String, String> over(Map<String, String> own) {
    var all = new HashMap<>(own);
    all.put(INSTALLATION, installation.toString());
    all.put(TENANT, tenant);
    all.put(SANDBOX, sandbox);
    all.put(OPERATION, operation.toString());
    return all;
  }

  /// What a provider's sandbox says; empty when it is none of ours.
  static Optional<Tags> read(Map<String, String> metadata) {
    try {
      return Optional.of(
          new Tags(
              UUID.fromString(metadata.getOrDefault(INSTALLATION, "")),
              metadata.getOrDefault(TENANT, ""),
              UUID.fromString(metadata.getOrDefault(SANDBOX, "")).toString(),
              UUID.fromString(metadata.getOrDefault(OPERATION, ""))));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
