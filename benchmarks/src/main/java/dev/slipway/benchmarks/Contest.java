package dev.slipway.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Contestants that do the same work.
///
/// @param name what the work is
/// @param unit what is counted a second
public record Contest(String name, String unit, List<Contestant> contestants) {
  private static final int WARM_UP = 3;

  public Contest {
    contestants = List.copyOf(contestants);
  }

  /// Lets them work in turn, round after round, so that what else goes on on the machine hits them
  /// alike. The first round warms them up, takes three times as long, and counts for nothing.
  ///
  /// @param progress told before each turn
  public List<Row> run(Effort effort, Consumer<String> progress)
      throws IOException, InterruptedException {
    Map<Contestant, List<Sample>> samples = new LinkedHashMap<>();
    contestants.forEach(contestant -> samples.put(contestant, new ArrayList<>()));
    for (int round = 0; round <= effort.rounds(); round++) {
      for (Contestant contestant : contestants) {
        progress.accept(
            "%s: %s, %s"
                .formatted(
                    name,
                    contestant.name(),
                    round == 0 ? "warm-up" : "round " + round + " of " + effort.rounds()));
        Sample sample =
            contestant.run(round == 0 ? effort.turn().multipliedBy(WARM_UP) : effort.turn());
        if (round > 0) {
          samples.getOrDefault(contestant, new ArrayList<>()).add(sample);
        }
      }
    }
    return samples.entrySet().stream()
        .map(entry -> new Row(name, entry.getKey().name(), unit, entry.getValue()))
        .toList();
  }

  /// How long a contest lasts.
  ///
  /// @param rounds that count
  /// @param turn of one contestant in one round
  public record Effort(int rounds, Duration turn) {
    public Effort {
      if (rounds < 1 || turn.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException("at least one round of turns of at least a second");
      }
    }
  }
}
