package dev.slipway.sandbox.e2b;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MetadataFilterTest {
  @Test
  void pairsTravelAsE2bsOwnSdkSendsThem() {
    assertThat(MetadataFilter.encode(Map.of("task id", "a&b=c", "user", "ü")))
        .isEqualTo("task%252520id%3Da%252526b%25253Dc%26user%3D%2525C3%2525BC");
  }

  @Test
  void plainValuesTravelAsTheyAre() {
    assertThat(MetadataFilter.encode(Map.of("op", "0197-a_B.c"))).isEqualTo("op%3D0197-a_B.c");
  }
}
