package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void alignsItsColumnsAndLeavesNoBlanksAtTheEnd() {
    String printed = new Table().row("TOPIC", "KEPT").row("a", "for ever").toString();

    assertThat(printed.lines()).containsExactly("TOPIC  KEPT", "a      for ever");
  }

  @Test
  void aCellNeitherEndsItsLineNorMovesTheOthers() {
    String printed = new Table().row("a\nb", "c").row("d", "\u202Ee\u009Bf\u2028").toString();

    assertThat(printed.lines())
        .containsExactly("a\\u000ab  c", "d         \\u202ee\\u009bf\\u2028");
  }
}
