package dev.slipway.benchmarks;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What one contestant came to.
///
/// @param rounds one sample each, at least one
public record Row(String contest, String contestant, String unit, List<Sample> rounds) {
  public Row {
    rounds = List.copyOf(rounds);
  }

  /// The round in the middle: one disturbed round changes nothing.
  public Sample median() {
    return rounds.stream()
        .sorted(Comparator.comparingDouble(Sample::perSecond))
        .toList()
        .get(rounds.size() / 2);
  }

  /// The middle of one figure over the rounds; NaN when the tool does not tell.
  public double median(ToDoubleFunction<Sample> figure) {
    return rounds.stream().mapToDouble(figure).sorted().toArray()[rounds.size() / 2];
  }

  public double slowest() {
    return rounds.stream().mapToDouble(Sample::perSecond).min().orElseThrow();
  }

  public double fastest() {
    return rounds.stream().mapToDouble(Sample::perSecond).max().orElseThrow();
  }

  public long failed() {
    return rounds.stream().mapToLong(Sample::failed).sum();
  }
}
