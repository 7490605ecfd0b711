package dev.slipway.pipeline.avro;

import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.github.Delivery;
import dev.slipway.schemas.github.WebhookReceived;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;

/// Records for the serde's tests.
final class TestRecords {
  private TestRecords() {}

  static Delivery delivery(byte[] body) {
    AvroRuntime.prepare();
    return Delivery.newBuilder()
        .setContext(Context.newBuilder().setTenant("default").build())
        .setBody(
            WebhookReceived.newBuilder()
                .setEvent("ping")
                .setGuid("72d3162e-cc78-11e3-81ab-4c9367dc0958")
                .setReceivedAt(Instant.parse("2026-01-02T03:04:05.678901Z"))
                .setContentType("application/json")
                .setBody(ByteBuffer.wrap(body))
                .build())
        .build();
  }

  /// The record of [#delivery], framed, as a writer with an older schema would have written it.
  static byte[] encode(String writerSchema, int id) {
    Schema schema = new Schema.Parser().parse(writerSchema);
    try {
      var today = new ByteArrayOutputStream();
      var encoder = EncoderFactory.get().binaryEncoder(today, null);
      new SpecificDatumWriter<>(Delivery.class).write(delivery(new byte[0]), encoder);
      encoder.flush();
      GenericRecord old =
          new GenericDatumReader<GenericRecord>(Delivery.getClassSchema(), schema)
              .read(null, DecoderFactory.get().binaryDecoder(today.toByteArray(), null));
      var out = new ByteArrayOutputStream();
      out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
      encoder = EncoderFactory.get().binaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(schema).write(old, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
