package dev.slipway.notifier;

import dev.slipway.web.SlipwayApplication;

/// Runs the notifier alone.
public final class NotifierApplication {
  private static final int DEFAULT_PORT = 8095;

  private NotifierApplication() {}

  static void main(String... args) {
    SlipwayApplication.run(NotifierConfiguration.class, DEFAULT_PORT, args);
  }
}
