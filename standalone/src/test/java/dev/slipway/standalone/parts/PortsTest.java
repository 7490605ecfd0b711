package dev.slipway.standalone.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortsTest {

  @Test
  void countsUpFromTheFirst() {
    Ports ports = new Ports(8080);

    assertThat(ports.slipway()).isEqualTo(8080);
    assertThat(ports.e2b()).isEqualTo(8081);
    assertThat(ports.kafka()).isEqualTo(8083);
    assertThat(ports.controller()).isEqualTo(8084);
    assertThat(ports.registry()).isEqualTo(8085);
    assertThat(ports.database()).isEqualTo(8086);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65_530, 70_000})
  void refusesARowThatDoesNotFit(int first) {
    assertThatThrownBy(() -> new Ports(first))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Integer.toString(first));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 65_529})
  void takesARowThatJustFits(int first) {
    assertThat(new Ports(first).database()).isEqualTo(first + 6);
  }
}
