package dev.slipway.benchmarks.latency;

import dev.slipway.benchmarks.SlipwayParts;
import dev.slipway.benchmarks.latency.Phase.Time;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjDoubleConsumer;

/// Where the time goes: what the services measure of themselves, turn by turn.
final class Phases implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Phase> phases;
  private final Map<Phase, Time> began = new LinkedHashMap<>();

  Phases(SlipwayParts slipway) throws IOException {
    phases =
        List.of(
            new Phase("ingress: on Kafka", slipway.url("webhooks"), "slipway_webhook_ack_seconds"),
            new Phase(
                "stage: a transaction",
                slipway.url("slipway"),
                "slipway_stage_transaction_seconds"),
            new Phase(
                "relay: a turn on Kafka",
                slipway.url("slipway"),
                "slipway_publisher_silence_seconds"));
  }

  /// A turn begins.
  void begin() throws IOException, InterruptedException {
    began.putAll(read());
  }

  /// It is over.
  ///
  /// @param tell told the name of each phase and its average since then, in milliseconds
  void end(ObjDoubleConsumer<String> tell) throws IOException, InterruptedException {
    read()
        .forEach((phase, now) ->
            tell.accept(phase.name(), now.millisSince(began.getOrDefault(phase, now))));
  }

  private Map<Phase, Time> read() throws IOException, InterruptedException {
    Map<Phase, Time> times = new LinkedHashMap<>();
    for (Phase phase : phases) {
      times.put(phase, phase.read(client));
    }
    return times;
  }

  @Override
  public void close() {
    client.close();
  }
}
