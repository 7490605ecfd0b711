package dev.slipway.sandbox.sandbox;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;

/// Body of `POST /api/v1/sandboxes/{id}/extend`.
record ExtendRequestJson(@NotNull Integer timeoutSeconds) {
  Duration timeout() {
    return Duration.ofSeconds(timeoutSeconds);
  }
}
