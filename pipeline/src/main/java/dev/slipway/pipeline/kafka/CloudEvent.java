package dev.slipway.pipeline.kafka;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// The envelope of a record: CloudEvents attributes in Kafka headers (binary content mode), the
/// body staying pure Avro.
///
/// | header | field |
/// |---|---|
/// | `ce_specversion` | always `1.0` |
/// | `ce_id` | [#id], on which everything deduplicates |
/// | `ce_type` | [#type], such as `github.webhook_received` |
/// | `ce_source` | [#source] |
/// | `ce_time` | [#time], RFC 3339 UTC |
/// | `ce_subject` | [#subject] |
/// | `ce_sequence` | [#sequence] |
/// | `traceparent` | [#traceparent] |
/// | `content-type` | always `application/avro` |
///
/// @param source who wrote it, such as `webhook-ingress`
/// @param time when it happened
/// @param subject what it is about; null when the key says it all
/// @param sequence version of the aggregate, 1, 2, 3 …; null on topics that are no aggregate's log
/// @param traceparent W3C trace context of the cause; null when not traced
public record CloudEvent(
    UUID id,
    String type,
    String source,
    Instant time,
    @Nullable String subject,
    @Nullable Long sequence,
    @Nullable String traceparent) {
  private static final String TRACEPARENT = "traceparent";
  private static final byte[] SPEC_VERSION = bytes("1.0");
  private static final byte[] AVRO = bytes("application/avro");

  /// Puts the envelope on a record that has none.
  public void addTo(Headers headers) {
    headers.add("ce_specversion", SPEC_VERSION);
    headers.add("ce_id", bytes(id.toString()));
    headers.add("ce_type", bytes(type));
    headers.add("ce_source", bytes(source));
    headers.add("ce_time", bytes(time.toString()));
    if (subject != null) {
      headers.add("ce_subject", bytes(subject));
    }
    if (sequence != null) {
      headers.add("ce_sequence", bytes(sequence.toString()));
    }
    if (traceparent != null) {
      headers.add(TRACEPARENT, bytes(traceparent));
    }
    headers.add("content-type", AVRO);
  }

  /// Reads the envelope of a record.
  ///
  /// @return empty when id, type, source or time is missing or malformed, or the sequence is no
  ///   number: whoever wrote the record is not one of us
  public static Optional<CloudEvent> from(Headers headers) {
    String id = null;
    String type = null;
    String source = null;
    String time = null;
    String subject = null;
    String sequence = null;
    String traceparent = null;
    // once through all: to look up each by its name takes several times as long
    for (Header header : headers) {
      switch (header.key()) {
        case "ce_id" -> id = text(header);
        case "ce_type" -> type = text(header);
        case "ce_source" -> source = text(header);
        case "ce_time" -> time = text(header);
        case "ce_subject" -> subject = text(header);
        case "ce_sequence" -> sequence = text(header);
        case TRACEPARENT -> traceparent = text(header);
        default -> {}
      }
    }
    // UUID.fromString takes shortened forms too, which would make two spellings of one id
    if (id == null || id.length() != 36 || type == null || source == null || time == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new CloudEvent(
              UUID.fromString(id),
              type,
              source,
              Instant.parse(time),
              subject,
              sequence == null ? null : Long.valueOf(sequence),
              traceparent));
    } catch (IllegalArgumentException | DateTimeException _) {
      return Optional.empty();
    }
  }

  /// The trace that a record belongs to, without reading the rest of its envelope.
  ///
  /// @return null when it is not traced
  public static @Nullable String traceparent(Headers headers) {
    Header header = headers.lastHeader(TRACEPARENT);
    return header == null ? null : text(header);
  }

  private static @Nullable String text(Header header) {
    byte @Nullable [] value = header.value();
    return value == null ? null : new String(value, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
