package dev.slipway.benchmarks.latency;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/// A part of the way that a service times itself, and says in `/metrics`.
///
/// @param name what the table calls it
/// @param service anywhere on it
/// @param meter of a timer, as Prometheus has it, without what tells sum and count apart
record Phase(String name, URI service, String meter) {
  /// What a timer has measured so far.
  record Time(double seconds, double count) {
    /// The average since then, in milliseconds; NaN when there was nothing.
    double millisSince(Time earlier) {
      return (seconds - earlier.seconds) * 1_000 / (count - earlier.count);
    }
  }

  Time read(HttpClient client) throws IOException, InterruptedException {
    String metrics =
        client
            .send(
                HttpRequest.newBuilder(service.resolve("/metrics")).build(),
                BodyHandlers.ofString())
            .body();
    return new Time(sum(metrics, meter + "_sum"), sum(metrics, meter + "_count"));
  }

  /// Adds up a meter, whatever its tags.
  static double sum(String metrics, String meter) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(meter + " ") || line.startsWith(meter + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
