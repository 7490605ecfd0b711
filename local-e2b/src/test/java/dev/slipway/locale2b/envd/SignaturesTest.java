package dev.slipway.locale2b.envd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SignaturesTest {
  @Test
  void theSignatureIsThatOfTheSdk() {
    assertThat(Signatures.of("/a b", "read", "", "t", Optional.empty()))
        .isEqualTo("v1_9TYmVXOx2xdI7OZ4AuMhQxUIPe6Pv5LUv2JM6OnjeSY");
  }

  @Test
  void everythingThatIsSignedChangesIt() {
    assertThat(
            new String[] {
              Signatures.of("/a", "read", "", "t", Optional.empty()),
              Signatures.of("/a", "write", "", "t", Optional.empty()),
              Signatures.of("/b", "read", "", "t", Optional.empty()),
              Signatures.of("/a", "read", "root", "t", Optional.empty()),
              Signatures.of("/a", "read", "", "u", Optional.empty()),
              Signatures.of("/a", "read", "", "t", Optional.of("1")),
            })
        .doesNotHaveDuplicates();
  }
}
