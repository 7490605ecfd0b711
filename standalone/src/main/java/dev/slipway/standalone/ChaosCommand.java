package dev.slipway.standalone;

import dev.slipway.standalone.chaos.Chaos;
import dev.slipway.standalone.chaos.ChaosPlace;
import dev.slipway.standalone.chaos.ChaosPlan;
import dev.slipway.standalone.chaos.Check;
import dev.slipway.standalone.chaos.Verdict;
import dev.slipway.standalone.parts.Ports;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// Has tasks become pull requests while everything around them fails, and counts.
@Command(
    name = "chaos",
    description = {
      "Runs tasks through an installation of its own, in a folder and on ports of its own unless told,"
          + " while its processes are killed and GitHub misbehaves; then checks that each task"
          + " became one pull request and nothing was lost or done twice.",
      "The last line is PASS, or FAIL with the checks that failed; exit status 0 only for PASS.",
      "Needs bubblewrap."
    })
final class ChaosCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(ChaosCommand.class);
  private static final int MOST_FAILURES = 10;

  private final GlobalOptions options;

  @Spec CommandSpec spec;

  @Option(names = "--tasks", paramLabel = "N", description = "How many tasks (default: 30).")
  int tasks = 30;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "What the plan is drawn from: the same again for the same (default: 1).")
  long seed = 1;

  @Option(
      names = "--merge",
      paramLabel = "P",
      description = "How many of a hundred are merged (default: 50).")
  int merge = 50;

  @Option(
      names = "--at-once",
      paramLabel = "N",
      description = "How many tasks are on their way at the same time (default: 6).")
  int atOnce = 6;

  @Option(
      names = "--settle",
      paramLabel = "TIME",
      description = "Within which all are settled after the last fault (default: 60s).")
  Duration settle = Duration.ofSeconds(60);

  @SuppressWarnings("NullAway.Init") // picocli fills it in
  ChaosCommand(GlobalOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (tasks < 1 || merge < 0 || merge > 100 || atOnce < 1 || settle.isNegative()) {
      throw new ParameterException(
          spec.commandLine(), "--tasks and --at-once must be 1 or more, --merge from 0 to 100");
    }
    Path folder = Files.createTempDirectory("slipway-chaos-");
    Ports ports = isGiven("--port") ? options.ports() : ChaosPlace.freePorts();
    Path data = isGiven("--data-dir") ? options.dataDir.toAbsolutePath() : folder.resolve("data");
    ChaosPlace place =
        new ChaosPlace(data, Files.createDirectory(folder.resolve("processes")), ports);
    Progress progress = new Progress(spec.commandLine().getErr(), options.quiet);
    Verdict verdict = run(place, progress);
    if (verdict.isPass()) {
      boolean _ = FileSystemUtils.deleteRecursively(folder);
    } else {
      progress.say("logs and data are kept in " + folder);
    }
    print(verdict);
    return verdict.isPass() ? ExitCode.DONE : ExitCode.FAILED;
  }

  /// What came of it; that it came to no end is a finding too.
  private Verdict run(ChaosPlace place, Progress progress)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    try (Chaos chaos =
        new Chaos(
            ChaosPlan.of(seed, tasks, merge),
            new Chaos.Limits(atOnce, settle),
            place,
            what ->
                progress.say(
                    "%5d s  %s".formatted(seconds(began), HarmlessWriter.escaped(what))))) {
      return chaos.run();
    } catch (IOException | RuntimeException e) {
      log.atError().setCause(e).log("chaos came to no end");
      return new Verdict(
          Map.of(), List.of(new Check("it came to an end", List.of(String.valueOf(e)))));
    }
  }

  private static long seconds(long began) {
    return Duration.ofNanos(System.nanoTime() - began).toSeconds();
  }

  /// Whether whoever typed the command said so, before its name or after it.
  private boolean isGiven(String option) {
    for (ParseResult parsed = spec.root().commandLine().getParseResult();
        parsed != null;
        parsed = parsed.hasSubcommand() ? parsed.subcommand() : null) {
      if (parsed.hasMatchedOption(option)) {
        return true;
      }
    }
    return false;
  }

  private void print(Verdict verdict) {
    PrintWriter out = spec.commandLine().getOut();
    if (options.json) {
      out.println(JsonMapper.shared().writeValueAsString(json(verdict)));
    } else {
      Table counts = new Table();
      verdict.counts().forEach(counts::row);
      out.print(counts);
      out.println();
      Table checks = new Table();
      verdict
          .checks()
          .forEach(check -> checks.row(check.name(), check.isPassed() ? "passed" : "FAILED"));
      out.print(checks);
      verdict.checks().forEach(check -> explain(out, check));
      out.println();
      out.println(verdict.line());
    }
    out.flush();
  }

  private static void explain(PrintWriter out, Check check) {
    List<String> failures = check.failures();
    failures.stream()
        .limit(MOST_FAILURES)
        .forEach(failure ->
            out.println("%s: %s".formatted(check.name(), HarmlessWriter.escaped(failure))));
    if (failures.size() > MOST_FAILURES) {
      out.println("%s: and %d more".formatted(check.name(), failures.size() - MOST_FAILURES));
    }
  }

  private static Map<String, Object> json(Verdict verdict) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("verdict", verdict.isPass() ? "PASS" : "FAIL");
    Map<String, String> counts = new LinkedHashMap<>();
    verdict.counts().forEach((name, count) -> counts.put(name.strip(), count));
    json.put("counts", counts);
    json.put(
        "checks",
        verdict.checks().stream()
            .map(check ->
                Map.of(
                    "name", check.name(),
                    "passed", check.isPassed(),
                    "failures", check.failures()))
            .toList());
    return json;
  }
}
