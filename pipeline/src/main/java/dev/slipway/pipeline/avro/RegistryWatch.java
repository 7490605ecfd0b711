package dev.slipway.pipeline.avro;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/// What the serdes of a process wait for: whether work can go on while the registry is away. They
/// find it in their settings, under [#SETTING]. Safe for several threads.
public final class RegistryWatch {
  /// Beside Confluent's settings, and unknown to Confluent's own serde.
  public static final String SETTING = "slipway.schema.registry.watch";

  /// Whoever waits asks again within seconds; what nobody asks for any more is needed by nobody.
  private static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(30);

  private final Cache<Object, Boolean> waiting;
  private volatile boolean answered;

  public RegistryWatch() {
    this(Ticker.systemTicker());
  }

  RegistryWatch(Ticker ticker) {
    this.waiting =
        Caffeine.newBuilder()
            .ticker(ticker)
            .executor(Runnable::run)
            .expireAfterWrite(FORGOTTEN_AFTER)
            .build();
  }

  /// Notes that somebody asks the registry.
  ///
  /// @param what the schema or id; equal for whoever else asks for it
  void asks(Object what) {
    waiting.put(what, true);
  }

  /// Notes that the registry has answered, whatever it said.
  void answered(Object what) {
    waiting.invalidate(what);
    answered = true;
  }

  /// Whether every schema that is in use is known: some are, and nobody waits for another.
  public boolean allKnown() {
    waiting.cleanUp();
    return answered && waiting.asMap().isEmpty();
  }
}
