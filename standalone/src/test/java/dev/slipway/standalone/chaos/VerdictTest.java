package dev.slipway.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final Check GOOD = new Check("one", List.of());
  private static final Check BAD = new Check("two", List.of("why"));
  private static final Check WORSE = new Check("three", List.of("why", "and why"));

  @Test
  void allChecksPassed() {
    assertThat(new Verdict(Map.of(), List.of(GOOD, GOOD)).line()).isEqualTo("PASS");
  }

  @Test
  void theLineNamesTheChecksThatFailed() {
    Verdict verdict = new Verdict(Map.of(), List.of(GOOD, BAD, WORSE));

    assertThat(verdict.isPass()).isFalse();
    assertThat(verdict.line()).isEqualTo("FAIL two, three");
  }
}
