package dev.slipway.benchmarks.latency;

import dev.slipway.benchmarks.Byproduct;
import dev.slipway.benchmarks.Row;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.SlipwayParts;
import dev.slipway.benchmarks.latency.Phase.Time;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where the time goes: what the services measure of themselves, turn by turn.
final class Phases implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Phase, Byproduct> phases = new LinkedHashMap<>();

  Phases(SlipwayParts slipway) throws IOException {
    for (Phase phase :
        List.of(
            new Phase("ingress: on Kafka", slipway.url("webhooks"), "slipway_webhook_ack_seconds"),
            new Phase(
                "stage: a transaction",
                slipway.url("slipway"),
                "slipway_stage_transaction_seconds"),
            new Phase(
                "relay: a turn on Kafka",
                slipway.url("slipway"),
                "slipway_publisher_silence_seconds"))) {
      phases.put(phase, new Byproduct());
    }
  }

  /// What has been measured so far.
  Map<Phase, Time> read() throws IOException, InterruptedException {
    Map<Phase, Time> times = new LinkedHashMap<>();
    for (Phase phase : phases.keySet()) {
      times.put(phase, phase.read(client));
    }
    return times;
  }

  /// A turn is over.
  ///
  /// @param before what had been measured when it began
  void turn(Map<Phase, Time> before) throws IOException, InterruptedException {
    Map<Phase, Time> after = read();
    phases.forEach((phase, averages) -> {
      Time then = before.getOrDefault(phase, new Time(0, 0));
      averages.add(Sample.figure(after.getOrDefault(phase, then).millisSince(then)));
    });
  }

  /// The averages of each phase.
  List<Row> rows(String contest) {
    List<Row> rows = new ArrayList<>();
    phases.forEach((phase, averages) -> rows.add(averages.row(contest, phase.name(), "ms")));
    return rows;
  }

  @Override
  public void close() {
    client.close();
  }
}
