package dev.slipway.standalone;

import dev.slipway.benchmarks.Benchmark;
import dev.slipway.benchmarks.Build;
import dev.slipway.benchmarks.Contest.Effort;
import dev.slipway.benchmarks.Report;
import dev.slipway.benchmarks.database.DatabaseBenchmark;
import dev.slipway.benchmarks.door.DoorBenchmark;
import dev.slipway.benchmarks.git.GitBenchmark;
import dev.slipway.benchmarks.hub.HubBenchmark;
import dev.slipway.benchmarks.ingress.IngressBenchmark;
import dev.slipway.benchmarks.latency.ColdBenchmark;
import dev.slipway.benchmarks.latency.LatencyBenchmark;
import dev.slipway.benchmarks.latency.Layout;
import dev.slipway.benchmarks.operation.OperationBenchmark;
import dev.slipway.benchmarks.replay.ReplayBenchmark;
import dev.slipway.benchmarks.sandbox.SandboxBenchmark;
import dev.slipway.benchmarks.task.TaskBenchmark;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// Measures this machine. An aim that is missed is said, and is no failure: it may be the
/// machine's.
@Command(
    name = "bench",
    description = {
      "Measures Slipway side by side with others, in turn and in one run: ratios travel, figures"
          + " do not."
    })
final class BenchCommand implements Runnable {
  private final GlobalOptions options;

  @Spec CommandSpec spec;

  @Option(
      names = "--rounds",
      scope = ScopeType.INHERIT,
      description = "Rounds that count, after one to warm up (default: 3).")
  int rounds = 3;

  @Option(
      names = "--turn",
      paramLabel = "TIME",
      scope = ScopeType.INHERIT,
      description = "How long each works in a round (default: 10s).")
  Duration turn = Duration.ofSeconds(10);

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  BenchCommand(GlobalOptions options) {
    this.options = options;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "bench needs a subcommand: ingress, database, door, operations, sandboxes, git, tasks,"
            + " replay, latency or hub");
  }

  @Command(
      name = "ingress",
      description = {
        "Webhooks a second that are verified and on Kafka, beside @octokit/webhooks and Kafka's own"
            + " producer tool.",
        "Needs wrk, node and npm, and installs @octokit/webhooks for the time of the run."
      })
  int ingress() throws IOException, InterruptedException {
    return measure("ingress", new IngressBenchmark());
  }

  @Command(
      name = "database",
      description = {
        "What the deliveries feature asks of PostgreSQL, beside pgbench doing the same.",
        "Needs pgbench."
      })
  int database() throws IOException, InterruptedException {
    return measure("database", new DatabaseBenchmark());
  }

  @Command(
      name = "door",
      description = {
        "Requests that a stage answers for 64 clients, a tenth of them repeated, beside pgbench"
            + " writing the same rows.",
        "Needs pgbench."
      })
  int door() throws IOException, InterruptedException {
    return measure("door", new DoorBenchmark());
  }

  @Command(
      name = "operations",
      description = {
        "Operations whose act does nothing: how many a second are queued, made and committed, and"
            + " how long one takes at rest, beside DBOS Transact for Java on the same PostgreSQL."
      })
  int operations() throws IOException, InterruptedException {
    return measure("operations", new OperationBenchmark());
  }

  @Command(
      name = "sandboxes",
      description = {
        "Sandboxes of this machine: created to first output, output a second, how far events are"
            + " behind it; beside the same commands in the local E2B server alone and without a"
            + " sandbox.",
        "Needs bubblewrap. Starts an installation of its own."
      })
  int sandboxes(
      @Option(
              names = "--at-once",
              paramLabel = "N",
              defaultValue = "50",
              description = "How many are made at once (default: 50).")
          int atOnce,
      @Option(
              names = "--megabytes",
              paramLabel = "N",
              defaultValue = "32",
              description = "How much a command prints, up to 64 (default: 32).")
          int megabytes)
      throws IOException, InterruptedException {
    if (atOnce < 1 || megabytes < 1 || megabytes > 64) {
      throw new ParameterException(
          spec.commandLine(), "--at-once must be 1 or more, --megabytes from 1 to 64");
    }
    return measure("sandboxes", new SandboxBenchmark(atOnce, megabytes, Clock.systemUTC()));
  }

  @Command(
      name = "git",
      description = {
        "A repository into a sandbox, cold and from a snapshot, and a commit of many files out of one"
            + " to its host; beside git doing the same directly.",
        "Needs bubblewrap. Starts an installation of its own, with its own GitHub."
      })
  int git(
      @Option(
              names = "--megabytes",
              paramLabel = "N",
              defaultValue = "100",
              description = "Size of the repository, up to 500 (default: 100).")
          int megabytes,
      @Option(
              names = "--files",
              paramLabel = "N",
              defaultValue = "1000",
              description = "How many files a commit adds, up to 10,000 (default: 1,000).")
          int files)
      throws IOException, InterruptedException {
    if (megabytes < 1 || megabytes > 500 || files < 1 || files > 10_000) {
      throw new ParameterException(
          spec.commandLine(), "--megabytes must be from 1 to 500, --files from 1 to 10,000");
    }
    return measure("git", new GitBenchmark(megabytes, files));
  }

  @Command(
      name = "tasks",
      description = {
        "Tasks that become pull requests, one after the other and several at once, and where their"
            + " time goes; beside a shell script that makes the same calls of git, sandbox and GitHub.",
        "Needs bubblewrap and curl. Starts an installation of its own, with its own GitHub."
      })
  int tasks(
      @Option(
              names = "--megabytes",
              paramLabel = "N",
              defaultValue = "1",
              description = "Size of the repository, up to 500 (default: 1).")
          int megabytes,
      @Option(
              names = "--at-once",
              paramLabel = "N",
              split = ",",
              defaultValue = "10,50",
              description = "How many at the same time, up to 100 (default: 10,50).")
          List<Integer> atOnce)
      throws IOException, InterruptedException {
    if (megabytes < 1 || megabytes > 500 || atOnce.stream().anyMatch(n -> n < 1 || n > 100)) {
      throw new ParameterException(
          spec.commandLine(), "--megabytes must be from 1 to 500, --at-once from 1 to 100");
    }
    return measure("tasks", new TaskBenchmark(megabytes, atOnce));
  }

  @Command(
      name = "replay",
      description = {
        "How fast pr-service gets through a log of deliveries, and through a rebuild of it, beside"
            + " pgbench writing the same rows.",
        "Needs pgbench. Counts deliveries, so that --turn is pgbench's alone."
      })
  int replay() throws IOException, InterruptedException {
    return measure("replay", new ReplayBenchmark());
  }

  @Command(
      name = "latency",
      description = {
        "From a webhook to the event that a client gets, at 50, 200 and 1,000 webhooks a second,"
            + " in `up` and as processes; and what processor time one costs.",
        "Starts everything anew each round: a young JVM still compiles, so only equal ages compare."
      })
  int latency(
      @Option(
              names = "--age",
              paramLabel = "TIME",
              defaultValue = "60s",
              description = "How old it is when it is measured (default: 60s).")
          Duration age,
      @Option(
              names = "--against",
              paramLabel = "DIR",
              description = "A built checkout of another version, measured in turn.")
          @Nullable Path against,
      @Option(
              names = "--layout",
              split = ",",
              defaultValue = "up,processes",
              description = "up, processes or both (default: both).")
          List<Layout> layouts,
      @Option(
              names = "--cold",
              description = {
                "Instead: the first 15 seconds after it is ready beside the same two minutes later,"
                    + " in `up`. Needs wrk."
              })
          boolean cold)
      throws IOException, InterruptedException {
    if (cold) {
      return measure("latency --cold", new ColdBenchmark());
    }
    return measure(
        "latency", new LatencyBenchmark(age, against == null ? null : other(against), layouts));
  }

  @Command(
      name = "hub",
      description = {
        "Live events to 50 and 1,000 clients, beside npm's better-sse and nginx with nchan.",
        "Needs node, npm and nginx with nchan, and installs better-sse for the time of the run."
      })
  int hub() throws IOException, InterruptedException {
    return measure("hub", new HubBenchmark());
  }

  private int measure(String name, Benchmark benchmark) throws IOException, InterruptedException {
    Progress progress = new Progress(spec.commandLine().getErr(), options.quiet);
    Report report = benchmark.run(effort(), progress::say);
    PrintWriter out = spec.commandLine().getOut();
    var result = new BenchReport(name, rounds, turn, report);
    if (options.json) {
      out.println(JsonMapper.shared().writeValueAsString(result.json()));
    } else {
      result.print(out);
    }
    out.flush();
    return ExitCode.DONE;
  }

  private Build other(Path root) {
    try {
      return Build.at(root);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--against: " + e.getMessage(), e);
    }
  }

  private Effort effort() {
    try {
      return new Effort(rounds, turn);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--rounds, --turn: " + e.getMessage(), e);
    }
  }
}
