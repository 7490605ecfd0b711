package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void alignsItsColumnsAndLeavesNoBlanksAtTheEnd() {
    String printed = new Table().row("TOPIC", "KEPT").row("a", "for ever").toString();

    assertThat(printed.lines()).containsExactly("TOPIC  KEPT", "a      for ever");
  }
}
