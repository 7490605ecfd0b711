package dev.slipway.benchmarks.hub;

import dev.slipway.benchmarks.Aim;
import dev.slipway.benchmarks.Benchmark;
import dev.slipway.benchmarks.Contest;
import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Report;
import dev.slipway.benchmarks.Row;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.Scratch;
import dev.slipway.benchmarks.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Live events to many clients: Slipway's notifier beside npm's `better-sse` and nginx with nchan,
/// under the same clients.
public final class HubBenchmark implements Benchmark {
  private static final int FEW = 50;
  private static final int MANY = 1_000;
  private static final int PACE_TO_FEW = 20;
  private static final int PACE_TO_MANY = 2;

  private static final String CONNECTIONS =
      "connections, %d at a time".formatted(Connecting.CLIENTS);
  private static final String LAST = ": last client";

  private final AtomicLong numbers = new AtomicLong(1);

  @Override
  public Report run(Contest.Effort effort, Consumer<String> progress)
      throws IOException, InterruptedException {
    for (Tool tool : List.of(Tool.NODE, Tool.NPM, Tool.NGINX, Tool.NCHAN)) {
      Path _ = tool.find();
    }
    try (Scratch scratch = Scratch.create()) {
      progress.accept("starting Kafka and notifier");
      try (SlipwayHub slipway = SlipwayHub.start(scratch.folder("slipway"))) {
        progress.accept("installing and starting better-sse, starting nginx");
        try (BetterSse betterSse = BetterSse.start(scratch.folder("better-sse"));
            Nchan nchan = Nchan.start(scratch.folder("nginx"));
            BareSockets bare = BareSockets.start()) {
          return run(effort, progress, List.of(slipway, betterSse, nchan), bare);
        }
      }
    }
  }

  private Report run(
      Contest.Effort effort, Consumer<String> progress, List<HubServer> servers, HubServer bare)
      throws IOException, InterruptedException {
    // first: what else they do would be in the memory of an idle connection
    List<Row> rows =
        new ArrayList<>(
            new Contest(
                    CONNECTIONS,
                    "connections/s",
                    servers.stream().<Contestant>map(Connecting::new).toList())
                .run(effort, progress));
    for (HubServer server : servers) {
      progress.accept("memory of idle connections: " + server.name());
      rows.add(memory(server));
    }
    List<HubServer> withBare = new ArrayList<>(servers);
    withBare.add(bare);
    for (int clients : List.of(FEW, MANY)) {
      List<FanOut> contestants = contestants(withBare, clients, Load.full());
      rows.addAll(
          new Contest(fanOut(clients), "deliveries/s", List.copyOf(contestants))
              .run(effort, progress));
      contestants.forEach(contestant ->
          rows.add(
              contestant
                  .processor()
                  .row(fanOut(clients) + ", processor", contestant.name(), "us/delivery")));
    }
    rows.addAll(paced(effort, progress, servers, FEW, PACE_TO_FEW));
    rows.addAll(paced(effort, progress, servers, MANY, PACE_TO_MANY));
    return new Report(rows, aims(rows));
  }

  private List<Row> paced(
      Contest.Effort effort,
      Consumer<String> progress,
      List<HubServer> servers,
      int clients,
      int perSecond)
      throws IOException, InterruptedException {
    List<FanOut> contestants = contestants(servers, clients, Load.paced(perSecond));
    String name = pace(clients, perSecond);
    List<Row> rows =
        new ArrayList<>(
            new Contest(name, "deliveries/s", List.copyOf(contestants)).run(effort, progress));
    contestants.forEach(
        contestant -> rows.add(contestant.last().row(name, contestant.name() + LAST, "events/s")));
    return rows;
  }

  private List<FanOut> contestants(List<HubServer> servers, int clients, Load load) {
    return servers.stream().map(server -> new FanOut(server, clients, load, numbers)).toList();
  }

  /// How much more memory a server holds with idle connections than without.
  private static Row memory(HubServer server) throws IOException, InterruptedException {
    double before = server.memory();
    try (Receivers receivers = Receivers.open(server, MANY, (_, _) -> {})) {
      double more = server.memory() - before;
      receivers.check();
      return new Row(
          "%,d idle connections".formatted(MANY),
          server.name(),
          "KB/connection",
          List.of(Sample.figure(more / MANY)));
    }
  }

  private static String fanOut(int clients) {
    return "12 KB to %,d".formatted(clients);
  }

  private static String pace(int clients, int perSecond) {
    return "%s, %d/s".formatted(fanOut(clients), perSecond);
  }

  private static List<Aim> aims(List<Row> rows) {
    double own = perSecond(rows, fanOut(MANY), "Slipway");
    Row paced = row(rows, pace(FEW, PACE_TO_FEW), "Slipway");
    Row last = row(rows, pace(FEW, PACE_TO_FEW), "Slipway" + LAST);
    return List.of(
        new Aim(
            "Slipway / better-sse, 1,000 connections",
            own / perSecond(rows, fanOut(MANY), "better-sse"),
            true,
            1),
        new Aim(
            "Slipway / nchan, 1,000 connections",
            own / perSecond(rows, fanOut(MANY), "nginx with nchan"),
            true,
            1),
        new Aim("connections/s", perSecond(rows, CONNECTIONS, "Slipway"), true, 100),
        new Aim("broadcast to 50, ms (average)", paced.median(Sample::averageMillis), false, 10),
        new Aim("last of 50 clients, ms (p99)", last.median(Sample::p99Millis), false, 100),
        new Aim("events/s to 50 clients", perSecond(rows, fanOut(FEW), "Slipway") / FEW, true, 500),
        new Aim(
            "events that did not arrive once and in order",
            rows.stream()
                .filter(row -> row.contestant().equals("Slipway"))
                .mapToLong(Row::failed)
                .sum(),
            false,
            0));
  }

  private static double perSecond(List<Row> rows, String contest, String contestant) {
    return row(rows, contest, contestant).median().perSecond();
  }

  private static Row row(List<Row> rows, String contest, String contestant) {
    return rows.stream()
        .filter(row -> row.contest().equals(contest) && row.contestant().equals(contestant))
        .findFirst()
        .orElseThrow();
  }
}
