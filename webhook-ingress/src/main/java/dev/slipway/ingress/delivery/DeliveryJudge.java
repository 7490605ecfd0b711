package dev.slipway.ingress.delivery;

import dev.slipway.schemas.Ids;
import dev.slipway.schemas.MalformedBodyException;
import dev.slipway.web.ApiException;
import dev.slipway.web.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.http.HttpHeaders;

/// Judges a delivery whose body is there, and records it when it is good.
final class DeliveryJudge {
  /// Above it, judging and encoding would hold up the connections that share the event loop.
  private static final int INLINE_BYTES = 256 * 1024;

  private final Ownership ownership;
  private final DeliveryCodec codec;
  private final DeliveryLog log;
  private final DeliveryMetrics metrics;
  private final Clock clock;
  private final Executor largeBodies;

  /// A request whose body has been received.
  record Case(
      RequestHead head, HttpHeaders headers, SigningSecrets.Check check, String traceparent) {}

  /// Told what became of a delivery: once, on the event loop of its connection.
  interface Verdict {
    /// Its record is acknowledged.
    void kept(UUID id);

    /// It is not kept, for an [ApiException] unless something is wrong with us.
    void refused(RuntimeException reason);
  }

  private record Entry(UUID id, ProducerRecord<byte[], byte[]> kafka) {}

  DeliveryJudge(
      Ownership ownership,
      DeliveryCodec codec,
      DeliveryLog log,
      DeliveryMetrics metrics,
      Clock clock,
      Executor largeBodies) {
    this.ownership = ownership;
    this.codec = codec;
    this.log = log;
    this.metrics = metrics;
    this.clock = clock;
    this.largeBodies = largeBodies;
  }

  /// Judges one delivery and keeps it. Called on its event loop.
  ///
  /// @throws RuntimeException in place of a verdict that could be given at once
  void judge(Case received, byte[] body, Executor eventLoop, Verdict verdict) {
    if (body.length <= INLINE_BYTES) {
      append(entry(received, body), eventLoop, verdict);
    } else {
      largeBodies.execute(() -> judgeLarge(received, body, eventLoop, verdict));
    }
  }

  private void judgeLarge(Case received, byte[] body, Executor eventLoop, Verdict verdict) {
    try {
      Entry entry = entry(received, body);
      eventLoop.execute(() -> {
        try {
          append(entry, eventLoop, verdict);
        } catch (RuntimeException reason) {
          verdict.refused(reason);
        }
      });
    } catch (RuntimeException reason) {
      eventLoop.execute(() -> verdict.refused(reason));
    } catch (OutOfMemoryError e) {
      eventLoop.execute(() -> verdict.refused(Refusals.noRoom()));
      throw e;
    }
  }

  private void append(Entry entry, Executor eventLoop, Verdict verdict) {
    long start = System.nanoTime();
    log.append(
        entry.kafka(),
        eventLoop,
        refusal -> {
          if (refusal == null) {
            metrics.accepted(Duration.ofNanos(System.nanoTime() - start));
            verdict.kept(entry.id());
          } else {
            verdict.refused(refusal);
          }
        });
  }

  /// The contract's order: signature, headers, JSON.
  private Entry entry(Case received, byte[] body) {
    Set<Signer> signers = received.check().signers(received.head().signature());
    if (signers.isEmpty()) {
      throw RequestHead.invalidSignature();
    }
    DeliveryHeaders headers = DeliveryHeaders.of(received.headers());
    Payload payload = payload(received.head().kind(), body);
    String tenant = ownership.tenant(signers, payload).orElseThrow(RequestHead::invalidSignature);
    UUID id = Ids.delivery(headers.guid(), headers.hookId());
    var accepted =
        new AcceptedDelivery(
            id,
            tenant,
            headers,
            payload,
            received.head().kind(),
            body,
            clock.instant(),
            received.traceparent());
    return new Entry(id, codec.encode(accepted));
  }

  private static Payload payload(BodyKind kind, byte[] body) {
    try {
      return PayloadReader.read(kind, body);
    } catch (MalformedBodyException e) {
      throw new ApiException(ErrorCode.MALFORMED, String.valueOf(e.getMessage()));
    }
  }
}
