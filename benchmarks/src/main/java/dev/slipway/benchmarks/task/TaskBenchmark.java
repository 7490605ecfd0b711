package dev.slipway.benchmarks.task;

import dev.slipway.benchmarks.Aim;
import dev.slipway.benchmarks.Benchmark;
import dev.slipway.benchmarks.Build;
import dev.slipway.benchmarks.Contest;
import dev.slipway.benchmarks.Report;
import dev.slipway.benchmarks.Row;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.Scratch;
import dev.slipway.benchmarks.SlipwayParts;
import dev.slipway.benchmarks.Tool;
import dev.slipway.benchmarks.git.Host;
import dev.slipway.schemas.Ids;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Tasks that become pull requests of a local repository, one at a time and several at once; beside
/// a shell script that makes the same calls.
public final class TaskBenchmark implements Benchmark {
  private static final String COMMAND = "echo all work and no play > new.txt";
  private static final double AIMED_RATIO = 1.3;

  private final int megabytes;
  private final List<Integer> atOnce;

  /// @param megabytes of the repository
  /// @param atOnce how many tasks at the same time, beside one alone
  public TaskBenchmark(int megabytes, List<Integer> atOnce) {
    this.megabytes = megabytes;
    this.atOnce = List.copyOf(atOnce);
  }

  @Override
  public Report run(Contest.Effort effort, Consumer<String> progress)
      throws IOException, InterruptedException {
    Path _ = Tool.BUBBLEWRAP.find();
    Path _ = Tool.CURL.find();
    progress.accept("starting");
    Steps ours = new Steps();
    Steps byHand = new Steps();
    try (Scratch scratch = Scratch.create();
        SlipwayParts slipway = SlipwayParts.start(Build.own(), scratch.folder("slipway"), "up");
        TaskClient alone = TaskClient.of(slipway, Ids.fresh(), ours);
        TaskClient crowd = TaskClient.of(slipway, Ids.fresh(), new Steps())) {
      Host host = Host.of(slipway, scratch.folder("seed"), megabytes);
      ByHand script = ByHand.of(slipway, host, scratch.folder("script"), byHand);
      String repository = host.url().toString();
      List<Row> one =
          new Contest(
                  "one task after the other",
                  "tasks/min",
                  List.of(
                      new Crowd("Slipway", 1, () -> alone.once(repository, COMMAND)),
                      new Crowd("a shell script", 1, () -> script.once(COMMAND))))
              .run(effort, progress);
      List<Row> rows = new ArrayList<>(one);
      Row ratio = ratio(one.getFirst(), one.getLast());
      rows.add(ratio);
      rows.addAll(ours.rows("Slipway"));
      rows.addAll(byHand.rows("a shell script"));
      for (int n : atOnce) {
        Contest contest =
            new Contest(
                "%d tasks at once".formatted(n),
                "tasks/min",
                List.of(new Crowd("Slipway", n, () -> crowd.once(repository, COMMAND))));
        rows.addAll(contest.run(effort, progress));
      }
      return new Report(
          rows,
          List.of(
              new Aim(
                  "one task: Slipway's time / the script's",
                  ratio.median().perSecond(),
                  false,
                  AIMED_RATIO)));
    }
  }

  /// What travels to other machines.
  private static Row ratio(Row ours, Row script) {
    return new Row(
        ours.contest(),
        ours.contestant() + " / " + script.contestant(),
        "times its p50",
        List.of(Sample.figure(ours.median(Sample::p50Millis) / script.median(Sample::p50Millis))));
  }
}
