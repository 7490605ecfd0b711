package dev.slipway.pipeline.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;
import static org.quicktheories.generators.SourceDSL.strings;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  private static final UUID TOPIC = UUID.fromString("0190b2a0-0000-4000-8000-00000000002a");

  @Test
  void everyCursorComesBackFromItsText() {
    qt().forAll(
            integers().between(0, 0xffff),
            longs().between(0, Long.MAX_VALUE),
            strings().basicLatinAlphabet().ofLengthBetween(1, 64))
        .checkAssert((partition, offset, tenant) -> {
          Cursor cursor = Cursor.of(TOPIC, partition, offset, tenant);

          String text = cursor.text();

          assertThat(Cursor.parse(text)).contains(cursor);
          assertThat(text).matches("[A-Za-z0-9_-]{1,64}");
          assertThat(cursor.isOf(tenant)).isTrue();
          assertThat(cursor.isOf(tenant + "x")).isFalse();
        });
  }

  @Test
  void aTextThatDiffersByOneCharacterIsNotTheSameCursor() {
    Cursor cursor = Cursor.of(TOPIC, 7, 42, "acme");
    String text = cursor.text();

    qt().forAll(integers().between(0, text.length() - 1), integers().between(0, 63))
        .checkAssert((at, with) -> {
          char other =
              "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".charAt(with);
          String changed = text.substring(0, at) + other + text.substring(at + 1);
          if (!changed.equals(text)) {
            assertThat(Cursor.parse(changed)).isNotEqualTo(java.util.Optional.of(cursor));
          }
        });
  }

  @Test
  void theFormIsTheOneThatClientsHold() {
    assertThat(Cursor.of(TOPIC, 7, 42, "acme").text())
        .isEqualTo("AQGQsqAAAEAAgAAAAAAAACoABwAAAAAAAAAqgiszrYfBSKA");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "nonsense",
        "AgGQsqAAAEAAgAAAAAAAACoABwAAAAAAAAAqgiszrYfBSKA",
        "AQGQsqAAAEAAgAAAAAAAACoABwAAAAAAAAAqgiszrYfBSK=",
        "AQGQsqAAAEAAgAAAAAAAACoABwAAAAAAAAAqgiszrYfBSKAA",
        "AQGQsqAAAEAAgAAAAAAAACoAB/AAAAAAAAAqgiszrYfBSKA",
        "AQGQsqAAAEAAgAAAAAAAACoAB_________8qgiszrYfBSKA"
      })
  void whatIsNoCursorIsNone(String text) {
    assertThat(Cursor.parse(text)).isEmpty();
  }

  @Test
  void aPlaceOutsideOfAnyLogIsNone() {
    assertThatThrownBy(() -> Cursor.of(TOPIC, -1, 0, "acme"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Cursor.of(TOPIC, 0, -1, "acme"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
