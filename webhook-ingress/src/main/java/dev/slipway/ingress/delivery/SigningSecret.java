package dev.slipway.ingress.delivery;

import dev.slipway.pipeline.security.Secret;

/// A secret and whose it is.
record SigningSecret(Signer signer, Secret secret) {}
