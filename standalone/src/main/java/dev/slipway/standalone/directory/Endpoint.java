package dev.slipway.standalone.directory;

import java.util.Locale;

/// What `endpoints.json` names: URLs, but for Kafka's broker and controller, which are `host:port`.
public enum Endpoint {
  SLIPWAY,
  WEBHOOKS,
  EVENTS,
  E2B,
  GITHUB,
  GIT,
  KAFKA,
  CONTROLLER,
  SCHEMA_REGISTRY,
  DATABASE;

  /// Its key in the file.
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
