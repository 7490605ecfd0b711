package dev.slipway.pipeline.avro;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.embedded.SharedRegistry;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.schemas.github.Delivery;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/// The serde against a real registry.
class AvroSerdeIT {
  private final String topic = "t" + UUID.randomUUID();

  @Test
  void aRecordIsWrittenByOneProcessAndReadByAnother() {
    Delivery record = TestRecords.delivery(new byte[] {1, 2, 3});

    byte[] bytes = requireNonNull(serializer(true).serialize(topic, record));

    assertThat(deserializer().deserialize(topic, bytes)).isEqualTo(record);
  }

  @Test
  void registeringTheSameSchemaAgainGivesTheSameId() {
    byte[] first =
        requireNonNull(serializer(true).serialize(topic, TestRecords.delivery(new byte[0])));
    byte[] second =
        requireNonNull(serializer(true).serialize(topic, TestRecords.delivery(new byte[0])));

    assertThat(second).isEqualTo(first);
  }

  @Test
  void aSchemaIsOnlyLookedUpWhenRegisteringIsOff() {
    Delivery record = TestRecords.delivery(new byte[0]);
    assertThatExceptionOfType(PermanentException.class)
        .isThrownBy(() -> serializer(false).serialize(topic, record));
    byte[] registered = requireNonNull(serializer(true).serialize(topic, record));

    byte[] lookedUp = requireNonNull(serializer(false).serialize(topic, record));

    assertThat(lookedUp).isEqualTo(registered);
  }

  @Test
  void anUnknownSchemaIdIsPermanent() {
    byte[] bytes = ByteBuffer.allocate(6).put((byte) 0).putInt(987_654).put((byte) 0).array();

    assertThatExceptionOfType(PermanentException.class)
        .isThrownBy(() -> deserializer().deserialize(topic, bytes));
  }

  @Test
  void anIncompatibleSchemaIsRefusedByTheRegistryForGood() {
    byte[] _ = requireNonNull(serializer(true).serialize(topic, TestRecords.delivery(new byte[0])));
    Schema other =
        new Schema.Parser()
            .parse(
                Delivery.getClassSchema()
                    .toString()
                    .replace("\"name\":\"received_at\"", "\"name\":\"arrived_at\""));
    try (var registry = new SchemaRegistry(RegistrySettings.from(settings(true)))) {

      assertThatExceptionOfType(PermanentException.class)
          .isThrownBy(() -> registry.idOf(topic + "-value", other));
    }
  }

  private static AvroSerializer<Delivery> serializer(boolean register) {
    var serializer = new AvroSerializer<Delivery>();
    serializer.configure(settings(register), false);
    return serializer;
  }

  private static AvroDeserializer<Delivery> deserializer() {
    var deserializer = new AvroDeserializer<Delivery>();
    deserializer.configure(settings(true), false);
    return deserializer;
  }

  private static Map<String, Object> settings(boolean register) {
    return Map.of("schema.registry.url", SharedRegistry.url(), "auto.register.schemas", register);
  }
}
