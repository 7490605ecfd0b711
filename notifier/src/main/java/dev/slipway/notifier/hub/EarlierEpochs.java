package dev.slipway.notifier.hub;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How far earlier epochs reach in one partition of the log as it is, as far as Kafka has told:
/// what a client has seen of them beyond that is no more. Bounded, since clients may come with any
/// epoch.
final class EarlierEpochs {
  private static final int MOST = 100;
  private static final Reach UNKNOWN = new Reach(-1, Long.MAX_VALUE);

  @GuardedBy("this")
  private final Map<EarlierEpoch, Reach> known = new HashMap<>();

  /// @param least the highest offset of which it is known that the epoch reaches it
  /// @param most the lowest of which it is known that the epoch does not reach beyond
  private record Reach(long least, long most) {}

  /// Whether an epoch reaches an offset; empty when Kafka must be asked.
  synchronized Optional<Boolean> reach(EarlierEpoch epoch, long offset) {
    Reach reach = known.getOrDefault(epoch, UNKNOWN);
    return offset <= reach.least() || offset > reach.most()
        ? Optional.of(offset <= reach.least())
        : Optional.empty();
  }

  /// Kafka was asked.
  ///
  /// @param offset that it was asked about
  /// @param reached the same if the epoch reaches it, else the one up to which it does
  synchronized void told(EarlierEpoch epoch, long offset, long reached) {
    if (known.size() >= MOST) {
      known.clear();
    }
    known.merge(
        epoch,
        new Reach(reached, reached < offset ? reached : Long.MAX_VALUE),
        (old, fresh) ->
            new Reach(Math.max(old.least(), fresh.least()), Math.min(old.most(), fresh.most())));
  }
}
