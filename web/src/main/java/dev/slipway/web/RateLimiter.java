package dev.slipway.web;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/// So many permits per period and key, refilled evenly; the whole allowance may be taken at once.
/// Counts are of this process alone.
///
/// @param <K> who is counted, such as a caller or a network address
final class RateLimiter<K> {
  private final LoadingCache<K, Bucket> buckets;

  /// @param maxKeys how many keys are counted at once; beyond them, those long unseen start afresh,
  ///   so that nobody fills the memory by inventing keys
  RateLimiter(long permits, Duration period, int maxKeys) {
    this(permits, period, maxKeys, TimeMeter.SYSTEM_NANOTIME);
  }

  RateLimiter(long permits, Duration period, int maxKeys, TimeMeter clock) {
    // A bucket unused for one period is full again: forgetting it then changes nothing.
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(maxKeys)
            .expireAfterAccess(period)
            .build(_ ->
                Bucket.builder()
                    .withCustomTimePrecision(clock)
                    .addLimit(limit -> limit.capacity(permits).refillGreedy(permits, period))
                    .build());
  }

  /// Takes one permit.
  ///
  /// @return zero when there was one, else how long it takes until there is
  Duration take(K key) {
    ConsumptionProbe probe = buckets.get(key).tryConsumeAndReturnRemaining(1);
    return probe.isConsumed() ? Duration.ZERO : Duration.ofNanos(probe.getNanosToWaitForRefill());
  }
}
