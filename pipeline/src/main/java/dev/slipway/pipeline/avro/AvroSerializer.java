package dev.slipway.pipeline.avro;

import dev.slipway.pipeline.error.PermanentException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/// Writes a generated record in Confluent's wire format: a zero byte, the schema's id in four
/// bytes, big-endian, then Avro binary. The schema's subject is `<topic>-value` (or `-key`).
///
/// The first record of a topic asks the registry and so may block; every later one does not: an
/// event loop may serialise once another thread has done so for the same topic. Settings:
/// `RegistrySettings`. Safe for several threads.
public final class AvroSerializer<T extends SpecificRecord> implements Serializer<T> {
  static {
    AvroRuntime.prepare();
  }

  private final ClassValue<SpecificDatumWriter<SpecificRecord>> writers =
      new ClassValue<>() {
        @Override
        protected SpecificDatumWriter<SpecificRecord> computeValue(Class<?> type) {
          SpecificData model = SpecificData.getForClass(type);
          return new SpecificDatumWriter<>(model.getSchema(type), model);
        }
      };

  // CONFINED: to the thread that configures, before the serialiser is handed on
  private @Nullable SchemaRegistry registry;
  private String suffix = "-value";

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    registry = new SchemaRegistry(RegistrySettings.from(configs));
    suffix = isKey ? "-key" : "-value";
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable T record) {
    if (record == null) {
      return null;
    }
    Schema schema = record.getSchema();
    int id = Objects.requireNonNull(registry, "configure first").idOf(topic + suffix, schema);
    try {
      // Two passes: the first only measures, so that a body of many megabytes is copied once.
      Measure size = new Measure();
      encode(record, size);
      byte[] bytes = new byte[Math.addExact(WireFormat.HEADER_BYTES, size.bytes)];
      ByteBuffer target = ByteBuffer.wrap(bytes).put(WireFormat.MAGIC).putInt(id);
      encode(record, new Fill(target));
      return bytes;
    } catch (IOException | AvroRuntimeException | NullPointerException | ClassCastException e) {
      throw new PermanentException("record does not fit its schema " + schema.getFullName(), e);
    }
  }

  private void encode(SpecificRecord record, OutputStream out) throws IOException {
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    writers.get(record.getClass()).write(record, encoder);
    encoder.flush();
  }

  @Override
  public void close() {
    if (registry != null) {
      registry.close();
    }
  }

  /// Counts what is written to it.
  private static final class Measure extends OutputStream {
    private int bytes;

    @Override
    public void write(int b) {
      bytes = Math.addExact(bytes, 1);
    }

    @Override
    public void write(byte[] b, int offset, int length) {
      bytes = Math.addExact(bytes, length);
    }
  }

  /// Writes into a buffer of the right size.
  private static final class Fill extends OutputStream {
    private final ByteBuffer target;

    Fill(ByteBuffer target) {
      this.target = target;
    }

    @Override
    public void write(int b) {
      target.put((byte) b);
    }

    @Override
    public void write(byte[] b, int offset, int length) {
      target.put(b, offset, length);
    }
  }
}
