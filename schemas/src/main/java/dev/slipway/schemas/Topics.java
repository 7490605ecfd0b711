package dev.slipway.schemas;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The catalogue of topics: the only place where a topic's name and shape stand.
public final class Topics {
  private static final int MIB = 1024 * 1024;

  /// What GitHub sent and what we read from it, verbatim: the log of record of deliveries and pull
  /// requests.
  public static final Topic GITHUB_DELIVERIES =
      new Topic(
          "github.deliveries",
          "repository id, else installation:<id>, organization:<id>, hook:<id>, else the delivery id",
          "dev.slipway.schemas.github.Delivery",
          12,
          Optional.empty(),
          false,
          40 * MIB,
          true);

  /// What became of each pull request.
  public static final Topic PULL_REQUEST_EVENTS =
      new Topic(
          "pull-request.events",
          "<repository id>#<number>, for a tenant other than default preceded by <tenant>/",
          "dev.slipway.schemas.pullrequest.PullRequestEvent",
          12,
          Optional.empty(),
          false,
          MIB,
          false);

  /// Events as the public sees them. How long they are kept is how far back a client can resume.
  public static final Topic NOTIFICATIONS =
      new Topic(
          "notifications",
          "tenant",
          "dev.slipway.schemas.notification.Notification",
          12,
          Optional.of(Duration.ofDays(7)),
          false,
          MIB,
          false);

  /// What is wanted of tasks.
  public static final Topic TASK_COMMANDS =
      ofTasks("task.commands", "TaskCommand", Optional.of(Duration.ofDays(30)), 3 * MIB);

  /// What became of each task: the log of record of tasks.
  public static final Topic TASK_EVENTS =
      ofTasks("task.events", "TaskEvent", Optional.empty(), 3 * MIB);

  /// What is wanted of sandboxes.
  public static final Topic SANDBOX_COMMANDS =
      ofSandboxes("sandbox.commands", "SandboxCommand", Optional.of(Duration.ofDays(30)), 3 * MIB);

  /// What became of each sandbox: the log of record of sandboxes.
  public static final Topic SANDBOX_EVENTS =
      ofSandboxes("sandbox.events", "SandboxEvent", Optional.empty(), MIB);

  /// What commands in sandboxes print.
  public static final Topic SANDBOX_OUTPUT =
      ofSandboxes("sandbox.output", "SandboxOutput", Optional.of(Duration.ofDays(7)), MIB);

  /// What the relay of schema `pr` has published.
  public static final Topic PR_RELAY = checkpoints("pr.relay");

  /// What the relay of schema `sandbox` has published.
  public static final Topic SANDBOX_RELAY = checkpoints("sandbox.relay");

  /// Dead letters of stage `pr-service.deliveries`.
  public static final Topic DELIVERIES_DEAD_LETTERS =
      deadLetters("pr-service.deliveries", GITHUB_DELIVERIES);

  /// Dead letters of stage `sandbox-worker.sandboxes`.
  public static final Topic SANDBOXES_DEAD_LETTERS =
      deadLetters("sandbox-worker.sandboxes", SANDBOX_COMMANDS);

  /// Dead letters of stage `pr-service.tasks`.
  public static final Topic TASKS_DEAD_LETTERS = deadLetters("pr-service.tasks", TASK_COMMANDS);

  /// Dead letters of stage `pr-service.sandboxes`.
  public static final Topic PR_SANDBOXES_DEAD_LETTERS =
      deadLetters("pr-service.sandboxes", SANDBOX_EVENTS);

  private Topics() {}

  /// Every topic there is, in the order of the catalogue.
  public static List<Topic> all() {
    return List.of(
        GITHUB_DELIVERIES,
        PULL_REQUEST_EVENTS,
        TASK_COMMANDS,
        TASK_EVENTS,
        SANDBOX_COMMANDS,
        SANDBOX_EVENTS,
        SANDBOX_OUTPUT,
        NOTIFICATIONS,
        PR_RELAY,
        SANDBOX_RELAY,
        DELIVERIES_DEAD_LETTERS,
        TASKS_DEAD_LETTERS,
        SANDBOXES_DEAD_LETTERS,
        PR_SANDBOXES_DEAD_LETTERS);
  }

  private static Topic ofSandboxes(
      String name, String value, Optional<Duration> retention, int maxRecordBytes) {
    return new Topic(
        name,
        "sandbox id",
        "dev.slipway.schemas.sandbox." + value,
        12,
        retention,
        false,
        maxRecordBytes,
        false);
  }

  private static Topic ofTasks(
      String name, String value, Optional<Duration> retention, int maxRecordBytes) {
    return new Topic(
        name,
        "task id",
        "dev.slipway.schemas.task." + value,
        12,
        retention,
        false,
        maxRecordBytes,
        false);
  }

  /// Dead letters are partitioned as their source, so that those of one key stay in order.
  private static Topic deadLetters(String stage, Topic source) {
    return new Topic(
        stage + ".dlt",
        "as " + source.name(),
        "failure headers, the original bytes (at most 1 MiB, else their position)",
        source.partitions(),
        Optional.of(Duration.ofDays(90)),
        false,
        2 * MIB,
        true,
        Optional.of(source));
  }

  /// One partition: whom a consumer group gives it to is the publisher that leads.
  private static Topic checkpoints(String name) {
    return new Topic(
        name,
        "transactional id",
        "dev.slipway.schemas.publisher.Checkpoint",
        1,
        Optional.empty(),
        true,
        MIB,
        false);
  }
}
