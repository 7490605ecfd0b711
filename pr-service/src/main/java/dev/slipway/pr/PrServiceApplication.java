package dev.slipway.pr;

import dev.slipway.web.SlipwayApplication;

/// `pr-service` as a process of its own.
public final class PrServiceApplication {
  private static final int DEFAULT_PORT = 8092;

  private PrServiceApplication() {}

  static void main(String... args) {
    SlipwayApplication.run(PrServiceConfiguration.class, DEFAULT_PORT, args);
  }
}
