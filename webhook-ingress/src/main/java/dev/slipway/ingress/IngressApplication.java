package dev.slipway.ingress;

import dev.slipway.web.SlipwayApplication;

/// Runs the ingress alone.
public final class IngressApplication {
  private static final int PORT = 8091;

  private IngressApplication() {}

  public static void main(String[] args) {
    SlipwayApplication.run(IngressConfiguration.class, PORT, args);
  }
}
