package dev.slipway.pipeline.avro;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.schemas.github.Delivery;
import dev.slipway.schemas.github.WebhookReceived;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AvroSerdeTest {
  private static final String TOPIC = "github.deliveries";

  private final FakeRegistry registry = new FakeRegistry();
  private final Map<String, Object> settings =
      new HashMap<>(
          Map.of(
              "schema.registry.url", registry.url(),
              "http.connect.timeout.ms", 500,
              "http.read.timeout.ms", 500));

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void aRecordIsFramedAsConfluentDoesAndReadBackEqual() {
    Delivery record = delivery("{}".getBytes(UTF_8));

    byte[] bytes = written(record);

    assertThat(Arrays.copyOf(bytes, 5)).containsExactly(0, 0, 0, 0, 1);
    assertThat(deserializer().deserialize(TOPIC, bytes)).isEqualTo(record);
    assertThat(registry.calls)
        .containsExactly("POST /subjects/github.deliveries-value/versions", "GET /schemas/ids/1");
  }

  @Test
  void aBodyOf36MebibytesSurvives() {
    byte[] body = new byte[36 * 1024 * 1024];
    new Random(1).nextBytes(body);

    byte[] bytes = written(delivery(body));

    assertThat(bytes.length - body.length).isBetween(40, 200);
    Delivery read = requireNonNull(deserializer().deserialize(TOPIC, bytes));
    assertThat(((WebhookReceived) read.getBody()).getBody()).isEqualTo(ByteBuffer.wrap(body));
  }

  @Test
  void anotherRecordOfTheSameTopicAsksNoRegistry() {
    var serializer = serializer();
    byte[] first = serializer.serialize(TOPIC, delivery(new byte[1]));
    registry.fault = -1;

    byte[] second = serializer.serialize(TOPIC, delivery(new byte[1]));

    assertThat(second).isEqualTo(first);
  }

  @Test
  void theNullValueOfATombstoneStaysNull() {
    assertThat(serializer().serialize(TOPIC, null)).isNull();
    assertThat(deserializer().deserialize(TOPIC, null)).isNull();
  }

  @Test
  void anOlderWritersRecordIsReadWithTheDefaultsOfLaterFields() {
    // The class is that of today; the writer did not know `sender` and had the fields of `Context`
    // that came first.
    String old =
        Delivery.getClassSchema()
            .toString()
            .replaceAll("\\{\"name\":\"sender\".*?\"default\":null},", "");
    assertThat(new Schema.Parser().parse(old)).isNotEqualTo(Delivery.getClassSchema());
    int id = registry.put(old);
    byte[] bytes = TestRecords.encode(old, id);

    Delivery read = requireNonNull(deserializer().deserialize(TOPIC, bytes));

    assertThat(((WebhookReceived) read.getBody()).getSender()).isNull();
    assertThat(((WebhookReceived) read.getBody()).getEvent()).isEqualTo("ping");
  }

  @Test
  void withoutRegisteringTheSchemaMustBeThereAlready() {
    settings.put("auto.register.schemas", "false");
    var serializer = serializer();

    assertThatExceptionOfType(PermanentException.class)
        .isThrownBy(() -> serializer.serialize(TOPIC, delivery(new byte[0])));
    int id = registry.put(Delivery.getClassSchema().toString());

    byte[] bytes = written(delivery(new byte[0]));

    assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(id);
    assertThat(registry.calls).containsOnly("POST /subjects/github.deliveries-value");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, -2, 401, 403, 404, 408, 429, 500, 503})
  void aRegistryThatIsAwayIsRetryableAndSoonAskedAgain(int fault) {
    registry.fault = fault;
    var serializer = serializer();

    assertThatThrownBy(() -> serializer.serialize(TOPIC, delivery(new byte[0])))
        .isInstanceOf(RetryableException.class)
        .hasMessageNotContaining("127.0.0.1");
    registry.fault = 0;

    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .ignoreExceptionsInstanceOf(RetryableException.class)
        .until(() -> serializer.serialize(TOPIC, delivery(new byte[0])), bytes -> bytes != null);
  }

  @Test
  void afterAFailureCallsFailAtOnceWithoutAskingTheRegistry() {
    registry.fault = 503;
    var serializer = serializer();
    for (int i = 0; i < 50; i++) {
      assertThatExceptionOfType(RetryableException.class)
          .isThrownBy(() -> serializer.serialize(TOPIC, delivery(new byte[0])));
    }

    assertThat(registry.calls.size()).isLessThan(10);
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 422})
  void aRefusedSchemaIsPermanentAndNotAskedForAgain(int status) {
    registry.fault = status;
    registry.faultBody = "{\"error_code\":%d}".formatted(status);
    var serializer = serializer();
    for (int i = 0; i < 3; i++) {
      assertThatExceptionOfType(PermanentException.class)
          .isThrownBy(() -> serializer.serialize(TOPIC, delivery(new byte[0])));
    }

    assertThat(registry.calls).hasSize(1);
  }

  @Test
  void aSecondAddressAnswersWhenTheFirstIsAway() {
    try (var dead = new FakeRegistry()) {
      dead.fault = 500;
      settings.put("schema.registry.url", dead.url() + ", " + registry.url() + "/");

      byte[] bytes = written(delivery(new byte[0]));

      assertThat(bytes).isNotNull();
      assertThat(dead.calls).hasSize(1);
      assertThat(registry.calls).hasSize(1);
    }
  }

  @Test
  void credentialsComeFromTheUrlOrFromUserInfo() {
    String expected = "Basic " + Base64.getEncoder().encodeToString("ann:s3:cret".getBytes(UTF_8));
    settings.put("schema.registry.url", registry.url().replace("//", "//ann:s3:cret@"));
    assertThat(serializer().serialize(TOPIC, delivery(new byte[0]))).isNotNull();
    settings.put("schema.registry.url", registry.url());
    settings.put("basic.auth.credentials.source", "USER_INFO");
    settings.put("basic.auth.user.info", "ann:s3:cret");
    assertThat(serializer().serialize(TOPIC, delivery(new byte[0]))).isNotNull();

    assertThat(registry.authorizations).containsExactly(expected, expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // empty
        "00", // cut within the framing
        "0000000001", // framing, no record
        "0100000001020304", // another magic
        "00000000630a", // an id nobody gave out
        "0000000001ffffffffffffffff7f", // a length beyond all bounds
        "00000000010ef8ffffff0f61" // a length of two gibibytes
      })
  void damagedBytesArePermanent(String hex) {
    assertThat(serializer().serialize(TOPIC, delivery(new byte[0]))).isNotNull();
    var deserializer = deserializer();

    assertThatExceptionOfType(PermanentException.class)
        .isThrownBy(() -> deserializer.deserialize(TOPIC, java.util.HexFormat.of().parseHex(hex)));
  }

  @Test
  void everyCutAndEveryExtensionOfARecordIsPermanent() {
    byte[] bytes = written(delivery("{\"a\":1}".getBytes(UTF_8)));
    var deserializer = deserializer();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatExceptionOfType(PermanentException.class)
          .isThrownBy(() -> deserializer.deserialize(TOPIC, cut));
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);

    assertThatExceptionOfType(PermanentException.class)
        .isThrownBy(() -> deserializer.deserialize(TOPIC, longer));
  }

  @Test
  void aSchemaWithoutAClassOfOursIsPermanent() {
    int id = registry.put("{\"type\":\"record\",\"name\":\"x.Foreign\",\"fields\":[]}");
    byte[] bytes = ByteBuffer.allocate(5).put((byte) 0).putInt(id).array();

    assertThatExceptionOfType(PermanentException.class)
        .isThrownBy(() -> deserializer().deserialize(TOPIC, bytes))
        .withMessageContaining("x.Foreign");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " , ", "ftp://a", "not a url", "http://", "file:///tmp"})
  void aSenselessAddressStopsTheStartWithoutShowingIt(String url) {
    settings.put("schema.registry.url", url);

    assertThatThrownBy(this::serializer).isInstanceOf(ConfigException.class);
  }

  private AvroSerializer<Delivery> serializer() {
    var serializer = new AvroSerializer<Delivery>();
    serializer.configure(settings, false);
    return serializer;
  }

  private AvroDeserializer<Delivery> deserializer() {
    var deserializer = new AvroDeserializer<Delivery>();
    deserializer.configure(settings, false);
    return deserializer;
  }

  private byte[] written(Delivery record) {
    return requireNonNull(serializer().serialize(TOPIC, record));
  }

  private static Delivery delivery(byte[] body) {
    return TestRecords.delivery(body);
  }
}
