package dev.slipway.ingress.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.web.ApiException;
import dev.slipway.web.ErrorCode;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BodyReceiverTest {
  private static final int MIB = 1024 * 1024;
  private static final Signature SIGNATURE =
      Signature.parse("sha256=" + "0".repeat(64)).orElseThrow();

  private final SigningSecrets secrets =
      new SigningSecrets(List.of(new SigningSecret(new Signer.Operator(), new Secret("secret"))));
  private final ByteBudget budget = new ByteBudget(16L * MIB, 2);

  @Test
  void howeverABodyIsCutItIsKeptAndSignedAsAWhole() {
    qt().withExamples(100)
        .forAll(lists().of(integers().between(0, 40_000)).ofSizeBetween(0, 20))
        .checkAssert(sizes -> {
          var check = secrets.check();
          var lease = budget.open(0).orElseThrow();
          BodyReceiver receiver = BodyReceiver.keeping(head(-1), lease, check);
          var sent = new ByteArrayOutputStream();
          Random random = new Random(7);
          for (int size : sizes) {
            byte[] part = new byte[size];
            random.nextBytes(part);
            sent.writeBytes(part);
            assertThat(receive(receiver, part)).isTrue();
          }

          assertThat(receiver.body()).isEqualTo(sent.toByteArray());
          Signature right = Signature.parse(Post.sign("secret", sent.toByteArray())).orElseThrow();
          assertThat(check.signers(right)).hasSize(1);
          lease.close();
        });
    assertThat(budget.used()).isZero();
  }

  @Test
  void aBodyAboveItsLimitIsDroppedUpToAMebibyteAndItsRoomGivenBack() {
    BodyReceiver receiver =
        BodyReceiver.keeping(head(-1), budget.open(0).orElseThrow(), secrets.check());
    assertThat(receive(receiver, new byte[4 * MIB])).isTrue();

    assertThat(receive(receiver, new byte[1])).isTrue();

    assertThat(budget.used()).isZero();
    assertThat(receive(receiver, new byte[MIB - 1])).isTrue();
    assertThat(receive(receiver, new byte[1])).isFalse();
    assertRefused(receiver, ErrorCode.TOO_LARGE);
  }

  @Test
  void aBodyThatGrowsBeyondTheRoomThereIsIsRefusedForNow() {
    ByteBudget.Lease others = budget.open(4 * MIB).orElseThrow();
    BodyReceiver receiver =
        BodyReceiver.keeping(head(-1), budget.open(0).orElseThrow(), secrets.check());
    assertThat(receive(receiver, new byte[MIB])).isTrue();

    assertThat(receive(receiver, new byte[3 * MIB])).isFalse();

    assertRefused(receiver, ErrorCode.UNAVAILABLE);
    others.close();
    assertThat(budget.used()).isZero();
  }

  @Test
  void aBodyRefusedByItsHeadersIsDropped() {
    ApiException refusal = Refusals.addressNotAllowed();
    BodyReceiver receiver = BodyReceiver.dropping(refusal);

    assertThat(receive(receiver, new byte[MIB])).isTrue();

    assertThatExceptionOfType(ApiException.class).isThrownBy(receiver::body).isSameAs(refusal);
  }

  private static void assertRefused(BodyReceiver receiver, ErrorCode code) {
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(receiver::body)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  private static boolean receive(BodyReceiver receiver, byte[] bytes) {
    return receiver.receive(Unpooled.wrappedBuffer(bytes));
  }

  private static RequestHead head(long declared) {
    return new RequestHead(BodyKind.JSON, declared, 4 * MIB, SIGNATURE);
  }
}
