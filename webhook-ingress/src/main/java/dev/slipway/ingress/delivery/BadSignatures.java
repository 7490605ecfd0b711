package dev.slipway.ingress.delivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Counts bad signatures by source, a minute at a time. Only refusals are counted: a sender that
/// knows a secret never meets the limit, whoever else sends from its address.
final class BadSignatures {
  private static final int SOURCES_KEPT = 10_000;
  private static final int NETWORK_BYTES = 8;

  private final int limit;
  private final Cache<String, AtomicInteger> counts;

  BadSignatures(int limit, Ticker ticker) {
    this.limit = limit;
    this.counts =
        Caffeine.newBuilder()
            .ticker(ticker)
            .maximumSize(SOURCES_KEPT)
            .expireAfterWrite(Duration.ofMinutes(1))
            // on the caller's thread: an eviction is cheaper than handing it over
            .executor(Runnable::run)
            .build();
  }

  /// Counts one.
  ///
  /// @param source null when unknown; all unknown sources are one
  /// @return whether there were as many as the limit before it
  boolean count(@Nullable InetAddress source) {
    AtomicInteger count = counts.get(key(source), _ -> new AtomicInteger());
    return count.getAndIncrement() >= limit;
  }

  /// One household or machine has a /64 of IPv6 for itself.
  private static String key(@Nullable InetAddress source) {
    if (source == null) {
      return "";
    }
    byte[] bytes = source.getAddress();
    return HexFormat.of()
        .formatHex(source instanceof Inet6Address ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes);
  }
}
