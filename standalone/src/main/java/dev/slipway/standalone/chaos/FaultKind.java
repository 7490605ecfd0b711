package dev.slipway.standalone.chaos;

/// What goes wrong.
enum FaultKind {
  /// SIGKILL of a process at a random moment.
  KILL("SIGKILL at random"),

  /// SIGKILL of a service while something is half done.
  KILL_AT_POINT("SIGKILL at a named point"),

  /// SIGSTOP of a process that may hold leases, for longer than they last, then SIGCONT.
  FREEZE("SIGSTOP and SIGCONT"),

  /// SIGKILL of the process that Kafka runs in, with PostgreSQL and registry.
  BROKER_RESTART("broker restarts"),

  /// SIGKILL of PostgreSQL's first process.
  DATABASE_RESTART("Postgres restarts"),

  DELIVERIES_TWICE("deliveries doubled"),
  DELIVERIES_REORDERED("deliveries reordered"),
  GITHUB_LATE("GitHub late"),
  GITHUB_TWICE("GitHub does it twice"),
  GITHUB_REORDERED("GitHub reorders"),
  GITHUB_502("GitHub answers 502"),
  GITHUB_LIMIT("GitHub limits"),
  GITHUB_ANSWER_LOST("GitHub's answer lost");

  private final String title;

  FaultKind(String title) {
    this.title = title;
  }

  /// As people read it.
  String title() {
    return title;
  }
}
