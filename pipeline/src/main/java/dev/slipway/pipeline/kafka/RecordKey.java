package dev.slipway.pipeline.kafka;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.schemas.Ids;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Keys of records that are ids of aggregates, as text.
public final class RecordKey {
  private RecordKey() {}

  /// The id that a key is.
  ///
  /// @param noun what has the id, for people
  /// @throws PermanentException it is none
  public static UUID uuid(byte @Nullable [] key, String noun) {
    String text = key == null ? "" : new String(key, StandardCharsets.UTF_8);
    if (!Ids.UUID_TEXT.matcher(text).matches()) {
      throw new PermanentException("its key is no %s's id: a UUID".formatted(noun), null);
    }
    return UUID.fromString(text);
  }
}
