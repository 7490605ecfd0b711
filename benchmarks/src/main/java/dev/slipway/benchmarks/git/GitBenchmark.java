package dev.slipway.benchmarks.git;

import dev.slipway.benchmarks.Benchmark;
import dev.slipway.benchmarks.Build;
import dev.slipway.benchmarks.Contest;
import dev.slipway.benchmarks.Report;
import dev.slipway.benchmarks.Row;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.Scratch;
import dev.slipway.benchmarks.SlipwayParts;
import dev.slipway.benchmarks.Tool;
import dev.slipway.benchmarks.sandbox.SandboxClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Repositories that go into sandboxes of this machine and branches that come out, through the API
/// of an installation; beside the machine's git doing the same with the same host.
public final class GitBenchmark implements Benchmark {
  private final int megabytes;
  private final int files;

  /// @param megabytes of the repository
  /// @param files that a commit adds
  public GitBenchmark(int megabytes, int files) {
    this.megabytes = megabytes;
    this.files = files;
  }

  @Override
  public Report run(Contest.Effort effort, Consumer<String> progress)
      throws IOException, InterruptedException {
    Path _ = Tool.BUBBLEWRAP.find();
    progress.accept("starting");
    try (Scratch scratch = Scratch.create();
        SlipwayParts slipway = SlipwayParts.start(Build.own(), scratch.folder("slipway"), "up");
        SandboxClient client = SandboxClient.of(slipway)) {
      progress.accept("making a repository of %d MB".formatted(megabytes));
      Host host = Host.of(slipway, scratch.folder("seed"), megabytes);
      Path folder = scratch.folder("direct");
      List<Row> rows = new ArrayList<>();
      for (Contest contest :
          List.of(
              new Contest(
                  "clone of %d MB".formatted(megabytes),
                  "clones/s",
                  List.of(
                      Cloning.intoSandboxes(client, host, true),
                      Cloning.intoSandboxes(client, host, false),
                      Cloning.directly(host, folder))),
              new Contest(
                  "commit and push of %,d files".formatted(files),
                  "pushes/s",
                  List.of(
                      Pushing.outOfSandboxes(client, host, files),
                      Pushing.directly(host, folder, files))))) {
        List<Row> found = contest.run(effort, progress);
        rows.addAll(found);
        found.subList(0, found.size() - 1).forEach(row -> rows.add(ratio(row, found.getLast())));
      }
      return new Report(rows, List.of());
    }
  }

  /// What travels to other machines.
  private static Row ratio(Row ours, Row directly) {
    return new Row(
        ours.contest(),
        ours.contestant() + " / " + directly.contestant(),
        "times its p50",
        List.of(
            Sample.figure(ours.median(Sample::p50Millis) / directly.median(Sample::p50Millis))));
  }
}
