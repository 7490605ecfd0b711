package dev.slipway.benchmarks.latency;

import dev.slipway.benchmarks.Row;
import dev.slipway.benchmarks.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Samples of several rounds, put together row by row.
final class Results {
  private final Map<Head, List<Sample>> samples = new LinkedHashMap<>();

  private record Head(String contest, String contestant, String unit) {}

  void add(String contest, String contestant, String unit, Sample sample) {
    samples
        .computeIfAbsent(new Head(contest, contestant, unit), _ -> new ArrayList<>())
        .add(sample);
  }

  /// In the order in which they were first measured.
  List<Row> rows() {
    return samples.entrySet().stream()
        .map(it ->
            new Row(it.getKey().contest, it.getKey().contestant, it.getKey().unit, it.getValue()))
        .toList();
  }

  /// One that was measured.
  Row row(String contest, String contestant) {
    return rows().stream()
        .filter(it -> it.contest().equals(contest) && it.contestant().equals(contestant))
        .findFirst()
        .orElseThrow();
  }
}
