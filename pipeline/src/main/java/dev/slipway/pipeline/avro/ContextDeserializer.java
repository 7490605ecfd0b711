package dev.slipway.pipeline.avro;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.schemas.context.Context;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Reads of a record only whom it belongs to: its field `context`, which every record of ours has,
/// also one of a type or version that this build does not know.
///
/// | bytes | outcome |
/// |---|---|
/// | no registry answers | [RetryableException] |
/// | wrong magic, unknown schema id, no context, cut bytes | [PermanentException] |
///
/// Settings: `RegistrySettings`. Safe for several threads.
public final class ContextDeserializer implements Deserializer<Context> {
  private static final String FIELD = "context";
  private static final int READERS_KEPT = 1_000;

  static {
    AvroRuntime.prepare();
  }

  private final Cache<Integer, GenericDatumReader<GenericRecord>> readers =
      Caffeine.newBuilder().maximumSize(READERS_KEPT).build();

  // CONFINED: to the thread that configures, before the deserialiser is handed on
  private @Nullable SchemaRegistry registry;

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    registry = new SchemaRegistry(RegistrySettings.from(configs));
  }

  @Override
  public @Nullable Context deserialize(String topic, byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    int id = WireFormat.schemaId(bytes);
    GenericDatumReader<GenericRecord> reader = reader(id);
    int start = WireFormat.HEADER_BYTES;
    try {
      var decoder = DecoderFactory.get().binaryDecoder(bytes, start, bytes.length - start, null);
      return context((GenericRecord) reader.read(null, decoder).get(FIELD));
    } catch (IOException | RuntimeException e) {
      // Damaged bytes make Avro throw nearly anything, so anything it throws means damage.
      throw new PermanentException("context does not decode with schema " + id, e);
    }
  }

  private GenericDatumReader<GenericRecord> reader(int id) {
    GenericDatumReader<GenericRecord> known = readers.getIfPresent(id);
    if (known != null) {
      return known;
    }
    Schema writer = Objects.requireNonNull(registry, "configure first").byId(id);
    if (writer.getType() != Schema.Type.RECORD || writer.getField(FIELD) == null) {
      throw new PermanentException("schema %d has no context".formatted(id), null);
    }
    Schema contextAlone =
        Schema.createRecord(
            writer.getName(),
            null,
            writer.getNamespace(),
            false,
            List.of(new Schema.Field(FIELD, Context.getClassSchema())));
    // plain: the model of generated classes would look for the class that the writer names
    var reader = new GenericDatumReader<GenericRecord>(writer, contextAlone, new GenericData());
    readers.put(id, reader);
    return reader;
  }

  private static Context context(GenericRecord read) {
    String tenant = text(read, "tenant");
    return new Context(
        tenant == null ? "" : tenant,
        text(read, "user_id"),
        text(read, "task_id"),
        text(read, "execution_id"),
        text(read, "squad_id"),
        text(read, "agent_id"),
        text(read, "session_id"),
        text(read, "sandbox_id"));
  }

  private static @Nullable String text(GenericRecord read, String field) {
    @Nullable Object value = read.get(field);
    return value == null ? null : value.toString();
  }

  @Override
  public void close() {
    if (registry != null) {
      registry.close();
    }
  }
}
