package dev.slipway.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodePointsTest {
  @ParameterizedTest
  @CsvSource({"'',''", "ab,ab", "abcd,abc", "a😀c,a😀c", "😀😀😀,😀😀😀", "a😀😀😀,a😀😀"})
  void whatIsCutHasThreeCharactersAndNoneInHalf(String text, String cut) {
    assertThat(CodePoints.first(3, text)).isEqualTo(cut);
  }
}
