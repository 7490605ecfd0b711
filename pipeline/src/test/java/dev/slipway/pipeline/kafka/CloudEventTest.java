package dev.slipway.pipeline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventTest {
  private static final CloudEvent FULL =
      new CloudEvent(
          UUID.fromString("0190a000-0000-7000-8000-000000000001"),
          "task.created",
          "pr-service",
          Instant.parse("2026-01-02T03:04:05.678901Z"),
          "a/b",
          3L,
          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

  @Test
  void anEnvelopeWrittenToHeadersIsReadBackEqual() {
    var headers = new RecordHeaders();

    FULL.addTo(headers);

    assertThat(CloudEvent.from(headers)).contains(FULL);
    assertThat(headers.lastHeader("content-type").value())
        .isEqualTo("application/avro".getBytes(UTF_8));
  }

  @Test
  void absentAttributesMakeNoHeadersAndReadAsNull() {
    var bare = new CloudEvent(FULL.id(), "t", "s", FULL.time(), null, null, null);
    var headers = new RecordHeaders();

    bare.addTo(headers);

    assertThat(headers.toArray())
        .extracting(h -> h.key())
        .containsExactly(
            "ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time", "content-type");
    assertThat(CloudEvent.from(headers)).contains(bare);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ce_id", "ce_type", "ce_source", "ce_time"})
  void withoutARequiredAttributeThereIsNoEnvelope(String header) {
    var headers = new RecordHeaders();
    FULL.addTo(headers);

    headers.remove(header);

    assertThat(CloudEvent.from(headers)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"ce_id,1-1-1-1-1", "ce_id,''", "ce_time,yesterday", "ce_sequence,one"})
  void aMalformedAttributeMakesNoEnvelope(String header, String value) {
    var headers = new RecordHeaders();
    FULL.addTo(headers);

    headers.remove(header);
    headers.add(header, value.getBytes(UTF_8));

    assertThat(CloudEvent.from(headers)).isEmpty();
  }
}
