package dev.slipway.ingress.delivery;

/// Who holds the secret that signed a delivery, and so what the delivery may be about.
sealed interface Signer {

  /// The operator: every owner.
  record Operator() implements Signer {}

  /// A tenant: its own owners and installations.
  record Tenant(String name) implements Signer {}
}
