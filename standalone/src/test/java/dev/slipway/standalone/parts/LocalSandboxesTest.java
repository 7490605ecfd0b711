package dev.slipway.standalone.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LocalSandboxesTest {
  private static final Ports PORTS = new Ports(8080);

  @Test
  void withoutAnythingInTheEnvironmentTheyAreOwn() {
    assertThat(LocalSandboxes.ports(Map.of(), PORTS)).isEqualTo(Map.of("local E2B", 8081));
    assertThat(LocalSandboxes.areOwn(Map.of("E2B_API_URL", " "))).isTrue();
  }

  @Test
  void anotherServerInTheEnvironmentTakesTheirPlace() {
    assertThat(LocalSandboxes.ports(Map.of("E2B_API_URL", "https://e2b.example.com"), PORTS))
        .isEmpty();
  }
}
