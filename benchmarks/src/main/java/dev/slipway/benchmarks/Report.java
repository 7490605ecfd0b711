package dev.slipway.benchmarks;

import java.util.List;

/// What a benchmark found.
public record Report(List<Row> rows, List<Aim> aims) {
  public Report {
    rows = List.copyOf(rows);
    aims = List.copyOf(aims);
  }
}
