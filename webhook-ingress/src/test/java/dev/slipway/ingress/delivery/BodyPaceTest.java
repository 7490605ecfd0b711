package dev.slipway.ingress.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.web.ApiException;
import dev.slipway.web.ErrorCode;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BodyPaceTest {
  private static final int MIB = 1024 * 1024;
  private static final Signature SIGNATURE =
      Signature.parse("sha256=" + "0".repeat(64)).orElseThrow();

  private final AtomicInteger cuts = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();
  private final BodyPace pace = new BodyPace(Duration.ofSeconds(10), 256 * 1024, nanos::get);

  @Test
  void aBodyIsCutOnceWhenItsTimeIsOver() {
    var _ = watch(receiver(1000));

    after(Duration.ofSeconds(10));
    assertThat(cuts).hasValue(0);
    after(Duration.ofMillis(1));
    after(Duration.ofMillis(1));
    assertThat(cuts).hasValue(1);
  }

  @Test
  void aLargeBodyThatTricklesIsCutAfterTwoSeconds() {
    BodyReceiver large = receiver(2 * MIB);
    assertThat(large.receive(Unpooled.wrappedBuffer(new byte[300_000]))).isTrue();
    var _ = watch(large);

    after(Duration.ofSeconds(2));
    assertThat(cuts).hasValue(0);
    after(Duration.ofMillis(1));
    assertThat(cuts).hasValue(1);
    assertThat(large.tooSlow().code()).isEqualTo(ErrorCode.MALFORMED);
  }

  @Test
  void aLargeBodyThatKeepsPaceIsLeftAlone() {
    BodyReceiver large = receiver(2 * MIB);
    assertThat(large.receive(Unpooled.wrappedBuffer(new byte[MIB]))).isTrue();
    var _ = watch(large);

    after(Duration.ofSeconds(4));

    assertThat(cuts).hasValue(0);
  }

  @Test
  void aRefusedBodyThatNeverComesEndsWithItsRefusal() {
    ApiException refusal = Refusals.addressNotAllowed();
    BodyReceiver dropping = BodyReceiver.dropping(refusal);
    var _ = watch(dropping);

    after(Duration.ofMillis(2001));

    assertThat(cuts).hasValue(1);
    assertThat(dropping.tooSlow()).isSameAs(refusal);
  }

  @Test
  void whatHasArrivedIsForgotten() {
    watch(receiver(10)).close();

    after(Duration.ofHours(1));

    assertThat(cuts).hasValue(0);
  }

  private BodyPace.Watched watch(BodyReceiver receiver) {
    return pace.watch(receiver, cuts::incrementAndGet);
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
