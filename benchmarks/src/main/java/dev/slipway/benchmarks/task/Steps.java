package dev.slipway.benchmarks.task;

import dev.slipway.benchmarks.Row;
import dev.slipway.benchmarks.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How long each step of a task took, of many tasks.
final class Steps {
  /// By the steps' names, in the order of a task's way.
  private static final List<String> ORDER =
      List.of(
          "CREATING_SANDBOX",
          "CLONING",
          "BRANCHING",
          "RUNNING",
          "COMMITTING",
          "PUSHING",
          "OPENING_PULL_REQUEST");

  private final Map<String, List<Double>> millis = new LinkedHashMap<>();

  Steps() {
    ORDER.forEach(step -> millis.put(step, new ArrayList<>()));
  }

  /// Puts one down; steps with another name are none.
  synchronized void add(String step, double took) {
    List<Double> of = millis.get(step);
    if (of != null) {
      of.add(took);
    }
  }

  /// Forgets what was put down.
  synchronized void clear() {
    millis.values().forEach(List::clear);
  }

  /// A row for each step that there was, with its median.
  synchronized List<Row> rows(String whose) {
    List<Row> rows = new ArrayList<>();
    millis.forEach((step, times) -> {
      if (!times.isEmpty()) {
        rows.add(
            new Row(
                "where the time of one task goes",
                whose + ", " + step,
                "ms (median)",
                List.of(Sample.figure(median(times)))));
      }
    });
    return rows;
  }

  private static double median(List<Double> times) {
    List<Double> sorted = new ArrayList<>(times);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
