package dev.slipway.pipeline.avro;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.slipway.pipeline.error.PermanentException;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Reads Confluent's wire format into the generated class that the writer's schema names, resolving
/// whatever version it was written with to the one this build knows.
///
/// | bytes | outcome |
/// |---|---|
/// | no registry answers | [RetryableException] |
/// | wrong magic, unknown schema id, class or field, cut or trailing bytes | [PermanentException] |
///
/// Settings: `RegistrySettings`. Safe for several threads.
public final class AvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {
  private static final int READERS_KEPT = 1_000;

  static {
    AvroRuntime.prepare();
  }

  // A reader keeps the resolution of its two schemas, which costs far more than reading a record.
  private final Cache<Integer, SpecificDatumReader<T>> readers =
      Caffeine.newBuilder().maximumSize(READERS_KEPT).build();

  // CONFINED: to the thread that configures, before the deserialiser is handed on
  private @Nullable SchemaRegistry registry;

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    registry = new SchemaRegistry(RegistrySettings.from(configs));
  }

  @Override
  public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    int id = WireFormat.schemaId(bytes);
    SpecificDatumReader<T> reader = reader(id);
    int start = WireFormat.HEADER_BYTES;
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, start, bytes.length - start, null);
    try {
      T record = reader.read(null, decoder);
      if (!decoder.isEnd()) {
        throw new PermanentException("bytes follow the record of schema " + id, null);
      }
      return record;
    } catch (IOException | RuntimeException e) {
      // Damaged bytes make Avro throw nearly anything, so anything it throws means damage.
      throw e instanceof PermanentException permanent
          ? permanent
          : new PermanentException("value does not decode with schema " + id, e);
    }
  }

  private SpecificDatumReader<T> reader(int id) {
    SpecificDatumReader<T> known = readers.getIfPresent(id);
    if (known != null) {
      return known;
    }
    Schema writer = Objects.requireNonNull(registry, "configure first").byId(id);
    Class<?> type = SpecificData.get().getClass(writer);
    if (type == null || !SpecificRecord.class.isAssignableFrom(type)) {
      throw new PermanentException(
          "schema %d is %s, which this build has no class for".formatted(id, writer.getFullName()),
          null);
    }
    SpecificData model = SpecificData.getForClass(type);
    var reader = new SpecificDatumReader<T>(writer, model.getSchema(type), model);
    readers.put(id, reader);
    return reader;
  }

  @Override
  public void close() {
    if (registry != null) {
      registry.close();
    }
  }
}
