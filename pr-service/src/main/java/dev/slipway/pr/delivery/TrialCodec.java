package dev.slipway.pr.delivery;

import dev.slipway.schemas.github.Delivery;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/// Avro as it is, without a registry, for what runs the stage without Kafka.
final class TrialCodec {
  // as in the service: a reader keeps the resolution of its schemas, which costs more than reading
  private static final SpecificDatumReader<Delivery> DELIVERIES =
      new SpecificDatumReader<>(Delivery.class);

  private TrialCodec() {}

  static <T extends SpecificRecord> byte[] serialize(T record) {
    var bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    try {
      new SpecificDatumWriter<T>(record.getSchema()).write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Delivery deserialize(String topic, byte[] bytes) {
    try {
      return DELIVERIES.read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
