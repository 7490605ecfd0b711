package dev.slipway.standalone.chaos;

/// A part of the installation that runs as processes of its own, in the order of their start.
enum Part {
  /// Kafka, PostgreSQL and the schema registry.
  INFRA("infra", 1, false),
  LOCAL_E2B("local-e2b", 1, false),
  LOCAL_GITHUB("local-github", 1, false),
  WEBHOOK_INGRESS("webhook-ingress", 1, true),
  /// Twice, so that leases are taken over.
  PR_SERVICE("pr-service", 2, true),
  /// Twice, so that leases are taken over.
  SANDBOX_WORKER("sandbox-worker", 2, true),
  NOTIFIER("notifier", 1, true);

  private final String argument;
  private final int instances;
  private final boolean isService;

  Part(String argument, int instances, boolean isService) {
    this.argument = argument;
    this.instances = instances;
    this.isService = isService;
  }

  /// What `slipway run` calls it.
  String argument() {
    return argument;
  }

  /// How many processes of it there are.
  int instances() {
    return instances;
  }

  /// Whether it listens where `PORT` says, and not on one of the installation's seven ports.
  boolean isService() {
    return isService;
  }
}
