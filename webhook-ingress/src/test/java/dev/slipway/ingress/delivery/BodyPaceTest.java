package dev.slipway.ingress.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.web.ApiException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class BodyPaceTest {
  private static final int MIB = 1024 * 1024;
  private static final Signature SIGNATURE =
      Signature.parse("sha256=" + "0".repeat(64)).orElseThrow();

  private final AtomicLong nanos = new AtomicLong();
  private final BodyPace pace = new BodyPace(Duration.ofSeconds(10), 256 * 1024, nanos::get);

  @Test
  void aBodyIsCutWhenItsTimeIsOver() {
    BodyReceiver small = receiver(1000);

    StepVerifier.create(pace.watch(small, Mono.never()))
        .then(() -> after(Duration.ofSeconds(10)))
        .expectNoEvent(Duration.ofMillis(10))
        .then(() -> after(Duration.ofMillis(1)))
        .verifyErrorSatisfies(
            e -> assertThat(((ApiException) e).code().value()).isEqualTo("malformed"));
    assertThat(small.abandoned()).isTrue();
  }

  @Test
  void aLargeBodyThatTricklesIsCutAfterTwoSeconds() {
    BodyReceiver large = receiver(2 * MIB);
    assertThat(large.receive(new DefaultDataBufferFactory().wrap(new byte[300_000]))).isTrue();

    StepVerifier.create(pace.watch(large, Mono.never()))
        .then(() -> after(Duration.ofSeconds(2)))
        .expectNoEvent(Duration.ofMillis(10))
        .then(() -> after(Duration.ofMillis(1)))
        .verifyError(ApiException.class);
  }

  @Test
  void aLargeBodyThatKeepsPaceIsLeftAlone() {
    BodyReceiver large = receiver(2 * MIB);
    assertThat(large.receive(new DefaultDataBufferFactory().wrap(new byte[MIB]))).isTrue();

    StepVerifier.create(pace.watch(large, Mono.never()))
        .then(() -> after(Duration.ofSeconds(4)))
        .expectNoEvent(Duration.ofMillis(10))
        .thenCancel()
        .verify();
  }

  @Test
  void aRefusedBodyThatNeverComesEndsWithItsRefusal() {
    ApiException refusal = Refusals.addressNotAllowed();

    StepVerifier.create(pace.watchDropped(BodyReceiver.dropping(refusal), Mono.never(), refusal))
        .then(() -> after(Duration.ofMillis(2001)))
        .verifyErrorSatisfies(e -> assertThat(e).isSameAs(refusal));
  }

  @Test
  void whatHasArrivedIsForgotten() {
    BodyReceiver small = receiver(10);

    StepVerifier.create(pace.watch(small, Mono.empty())).verifyComplete();
    after(Duration.ofHours(1));

    assertThat(small.abandoned()).isFalse();
  }

  private void after(Duration time) {
    nanos.addAndGet(time.toNanos());
    pace.sweep();
  }

  private static BodyReceiver receiver(int bytes) {
    var head = new RequestHead(BodyKind.JSON, bytes, 25 * MIB, SIGNATURE);
    var lease = new ByteBudget(100L * MIB, 2).open(bytes).orElseThrow();
    var secrets =
        new SigningSecrets(List.of(new SigningSecret(new Signer.Operator(), new Secret("secret"))));
    return BodyReceiver.keeping(head, lease, secrets.check());
  }
}
