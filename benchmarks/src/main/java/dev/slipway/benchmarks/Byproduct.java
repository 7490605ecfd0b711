package dev.slipway.benchmarks;

import java.util.ArrayList;
import java.util.List;

/// What a contestant measures besides, a sample each turn.
public final class Byproduct {
  private final List<Sample> samples = new ArrayList<>();

  public void add(Sample sample) {
    samples.add(sample);
  }

  /// What its contest has made of it: all but the first, which was the warm-up.
  public Row row(String contest, String contestant, String unit) {
    return new Row(contest, contestant, unit, samples.subList(1, samples.size()));
  }
}
