package dev.slipway.sandbox.sandbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/// Avro without a registry.
final class Records {
  private Records() {}

  static <T extends SpecificRecord> Serializer<T> serializer(Class<T> type) {
    return (_, record) -> {
      var bytes = new ByteArrayOutputStream();
      var encoder = EncoderFactory.get().binaryEncoder(bytes, null);
      try {
        new SpecificDatumWriter<T>(schema(type), SpecificData.getForClass(type))
            .write(record, encoder);
        encoder.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.toByteArray();
    };
  }

  static <T extends SpecificRecord> Deserializer<T> deserializer(Class<T> type) {
    return (_, bytes) -> {
      try {
        return new SpecificDatumReader<T>(
                schema(type), schema(type), SpecificData.getForClass(type))
            .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private static Schema schema(Class<?> type) {
    return SpecificData.getForClass(type).getSchema(type);
  }
}
