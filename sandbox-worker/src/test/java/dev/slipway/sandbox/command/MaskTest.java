package dev.slipway.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.strings;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class MaskTest {
  private static final List<String> VALUES = List.of("aab", "abab", "b");

  @Test
  void aValueIsHiddenByteForByte() {
    assertThat(shown(List.of("hunter2", "ü!"), "pass hunter2, hunter ü!"))
        .isEqualTo("pass *******, hunter ***");
  }

  @Test
  void aTextIsMaskedToItsEnd() {
    assertThat(Mask.masked("login hunter2 hunt", List.of("hunter2")))
        .isEqualTo("login ******* hunt");
  }

  @Test
  void aValueThatIsCutIsHidden() {
    assertThat(shown(List.of("hunter2"), "pass hun", "ter", "2.")).isEqualTo("pass *******.");
  }

  @Test
  void whatMayBeTheBeginningOfAValueIsHeldBackAndNothingElse() {
    var mask = new Mask(List.of("hunter2"));

    byte[] first = mask.take(bytes("pass hunt"));
    byte[] second = mask.take(bytes("ing"));

    assertThat(text(first)).isEqualTo("pass ");
    assertThat(text(second)).isEqualTo("hunting");
    assertThat(mask.heldBytes()).isZero();
  }

  @Test
  void aStreamIsMaskedAsItsWholeHoweverItIsCut() {
    qt().forAll(
            lists()
                .of(strings().betweenCodePoints('a', 'c').ofLengthBetween(0, 6))
                .ofSizeBetween(0, 8))
        .checkAssert(parts -> {
          String whole = String.join("", parts);

          assertThat(shown(VALUES, parts.toArray(String[]::new))).isEqualTo(shown(VALUES, whole));
        });
  }

  @Test
  void nothingThatWasShownCanBeTheBeginningOfAValueThatFollows() {
    qt().forAll(
            strings().betweenCodePoints('a', 'c').ofLengthBetween(0, 12), integers().between(0, 12))
        .checkAssert((text, cut) -> {
          var mask = new Mask(List.of("aab"));
          int at = Math.min(cut, text.length());

          byte[] first = mask.take(bytes(text.substring(0, at)));

          // whoever goes on from there without what was held back sees every value whole
          String rest = text.substring(first.length);
          assertThat(text(first) + shown(List.of("aab"), rest))
              .isEqualTo(shown(List.of("aab"), text));
        });
  }

  private static String shown(List<String> values, String... parts) {
    var mask = new Mask(values);
    var shown = new StringBuilder();
    for (String part : parts) {
      shown.append(new String(mask.take(bytes(part)), StandardCharsets.ISO_8859_1));
    }
    shown.append(new String(mask.end(), StandardCharsets.ISO_8859_1));
    return new String(
        shown.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
