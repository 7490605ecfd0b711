package dev.slipway.ingress.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.security.Secret;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SigningSecretsTest {
  private static final Signer OPERATOR = new Signer.Operator();
  private static final Signer ACME = new Signer.Tenant("acme");
  private static final byte[] BODY = "Hello, World!".getBytes(UTF_8);

  private final SigningSecrets secrets =
      new SigningSecrets(
          List.of(
              new SigningSecret(OPERATOR, new Secret("It's a Secret to Everybody")),
              new SigningSecret(OPERATOR, new Secret("old")),
              new SigningSecret(ACME, new Secret("acme's")),
              new SigningSecret(ACME, new Secret("old"))));

  @Test
  void gitHubsOwnExampleIsVerified() {
    // From GitHub's documentation, "Validating webhook deliveries".
    String documented = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    assertThat(signers(documented)).containsExactly(OPERATOR);
    assertThat(signers(documented.toUpperCase(java.util.Locale.ROOT).replace("SHA", "sha")))
        .containsExactly(OPERATOR);
  }

  @Test
  void eachLiveSecretSignsForItsOwner() {
    assertThat(signers(Post.sign("acme's", BODY))).containsExactly(ACME);
    assertThat(signers(Post.sign("old", BODY))).containsExactlyInAnyOrder(OPERATOR, ACME);
    assertThat(signers(Post.sign("retired", BODY))).isEmpty();
  }

  @Test
  void howTheBodyIsCutIntoBuffersDoesNotMatter() {
    Signature signature = Signature.parse(Post.sign("old", BODY)).orElseThrow();
    for (int cut = 0; cut <= BODY.length; cut++) {
      var check = secrets.check();
      check.update(ByteBuffer.wrap(BODY, 0, cut));
      check.update(ByteBuffer.wrap(BODY, cut, BODY.length - cut));

      assertThat(check.signers(signature)).hasSize(2);
    }
  }

  private Set<Signer> signers(String header) {
    var check = secrets.check();
    check.update(ByteBuffer.wrap(BODY));
    return check.signers(Signature.parse(header).orElseThrow());
  }
}
