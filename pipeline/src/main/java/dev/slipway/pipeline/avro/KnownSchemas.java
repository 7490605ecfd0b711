package dev.slipway.pipeline.avro;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/// What the serdes of a process know of its registry, and what they wait for: whether work can go
/// on while the registry is away. They find it in their settings, under [#SETTING]; what one of
/// them has asked no other asks again, and what one has registered all can read. Safe for several
/// threads.
public final class KnownSchemas {
  /// Beside Confluent's settings, and unknown to Confluent's own serde.
  public static final String SETTING = "slipway.schema.registry.known";

  /// Whoever waits asks again within seconds; what nobody asks for any more is needed by nobody.
  private static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(30);

  private final Cache<Subject, Integer> ids;
  private final Cache<Integer, Schema> schemas;
  private final Cache<Object, Boolean> waiting;
  private volatile boolean answered;

  /// A schema under a name.
  record Subject(String name, Schema schema) {}

  /// Knows nothing yet.
  ///
  /// @param settings of the serde, for how much is kept
  public static KnownSchemas of(Map<String, ?> settings) {
    return new KnownSchemas(RegistrySettings.cacheSize(settings), Ticker.systemTicker());
  }

  KnownSchemas(int kept, Ticker ticker) {
    this.ids = Caffeine.newBuilder().maximumSize(kept).build();
    this.schemas = Caffeine.newBuilder().maximumSize(kept).build();
    this.waiting =
        Caffeine.newBuilder()
            .ticker(ticker)
            .executor(Runnable::run)
            .expireAfterWrite(FORGOTTEN_AFTER)
            .build();
  }

  /// Null when it is not known.
  @Nullable Integer id(Subject subject) {
    return ids.getIfPresent(subject);
  }

  /// Null when it is not known.
  @Nullable Schema schema(int id) {
    return schemas.getIfPresent(id);
  }

  /// Notes that a subject's schema has this id.
  void put(Subject subject, int id) {
    ids.put(subject, id);
    schemas.put(id, subject.schema());
  }

  void put(int id, Schema schema) {
    schemas.put(id, schema);
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
  public boolean areAll() {
    waiting.cleanUp();
    return answered && waiting.asMap().isEmpty();
  }
}
