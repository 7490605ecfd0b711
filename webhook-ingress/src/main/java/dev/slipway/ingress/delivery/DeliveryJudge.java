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
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Judges a delivery whose body is there, and records it when it is good.
final class DeliveryJudge {
  /// Above it, judging and encoding would hold up the connections that share the event loop.
  private static final int INLINE_BYTES = 256 * 1024;

  private final Ownership ownership;
  private final DeliveryCodec codec;
  private final DeliveryLog log;
  private final DeliveryMetrics metrics;
  private final Clock clock;
  private final Scheduler largeBodies;

  /// A request whose body has been received.
  record Case(
      RequestHead head,
      HttpHeaders headers,
      SigningSecrets.Check check,
      BodyReceiver receiver,
      @Nullable String traceparent) {}

  private record Entry(UUID id, ProducerRecord<byte[], byte[]> kafka) {}

  DeliveryJudge(
      Ownership ownership,
      DeliveryCodec codec,
      DeliveryLog log,
      DeliveryMetrics metrics,
      Clock clock,
      Scheduler largeBodies) {
    this.ownership = ownership;
    this.codec = codec;
    this.log = log;
    this.metrics = metrics;
    this.clock = clock;
    this.largeBodies = largeBodies;
  }

  /// Judges one delivery and keeps it.
  ///
  /// @param eventLoop where the answer is written
  /// @return the delivery's id once its record is acknowledged, else an [ApiException]
  Mono<UUID> record(Case received, Executor eventLoop) {
    Mono<Entry> entry = Mono.fromCallable(() -> entry(received));
    return (received.receiver().length() > INLINE_BYTES ? entry.subscribeOn(largeBodies) : entry)
        .flatMap(good -> append(good.id(), good.kafka(), eventLoop));
  }

  private Mono<UUID> append(UUID id, ProducerRecord<byte[], byte[]> entry, Executor eventLoop) {
    long start = System.nanoTime();
    return log.append(entry, eventLoop)
        .doOnSuccess(_ -> metrics.accepted(Duration.ofNanos(System.nanoTime() - start)))
        .thenReturn(id);
  }

  /// The contract's order: body too large, signature, headers, JSON.
  private Entry entry(Case received) {
    byte[] body = received.receiver().body();
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
