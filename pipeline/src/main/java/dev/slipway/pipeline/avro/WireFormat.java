package dev.slipway.pipeline.avro;

import dev.slipway.pipeline.error.PermanentException;
import java.nio.ByteBuffer;

/// Confluent's wire format: a zero byte, the id of the writer's schema in four bytes (big-endian),
/// then Avro binary.
///
/// Source: Confluent documentation, "Schema Registry: wire format".
final class WireFormat {
  static final byte MAGIC = 0;
  static final int HEADER_BYTES = 5;

  private WireFormat() {}

  /// The id of the schema that a value was written with.
  ///
  /// @throws PermanentException when the value is in another format
  static int schemaId(byte[] value) {
    if (value.length < HEADER_BYTES || value[0] != MAGIC) {
      throw new PermanentException("value is not in Confluent's wire format", null);
    }
    return ByteBuffer.wrap(value).getInt(1);
  }
}
