package dev.slipway.sandbox;

import dev.slipway.web.SlipwayApplication;

/// `sandbox-worker` as a process of its own.
public final class SandboxWorkerApplication {
  private static final int DEFAULT_PORT = 8093;

  private SandboxWorkerApplication() {}

  static void main(String... args) {
    SlipwayApplication.run(SandboxWorkerConfiguration.class, DEFAULT_PORT, args);
  }
}
