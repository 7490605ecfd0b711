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
            integers().between(LogPosition.UNKNOWN_EPOCH, Integer.MAX_VALUE),
            longs().between(0, Long.MAX_VALUE),
            strings().basicLatinAlphabet().ofLengthBetween(1, 64))
        .checkAssert((partition, epoch, offset, tenant) -> {
          Cursor cursor = Cursor.of(TOPIC, partition, new LogPosition(epoch, offset), tenant);

          String text = cursor.text();

          assertThat(Cursor.parse(text)).contains(cursor);
          assertThat(text).matches("[A-Za-z0-9_-]{1,64}");
          assertThat(cursor.isOf(tenant)).isTrue();
          assertThat(cursor.isOf(tenant + "x")).isFalse();
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {LogPosition.UNKNOWN_EPOCH, 0, 5})
  void aTextThatDiffersByOneCharacterIsNotTheSameCursor(int epoch) {
    Cursor cursor = Cursor.of(TOPIC, 7, new LogPosition(epoch, 42), "acme");
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
    assertThat(Cursor.of(TOPIC, 7, new LogPosition(5, 42), "acme").text())
        .isEqualTo("AgGQsqAAAEAAgAAAAAAAACoABwAAAAUAAAAAAAAAKoIrM62HwUig");
  }

  @Test
  void theFormOfBeforeIsReadStill() {
    String text = "AQGQsqAAAEAAgAAAAAAAACoABwAAAAAAAAAqgiszrYfBSKA";

    assertThat(Cursor.parse(text)).contains(Cursor.of(TOPIC, 7, LogPosition.at(42), "acme"));
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
        "AQGQsqAAAEAAgAAAAAAAACoAB_________8qgiszrYfBSKA",
        "AQGQsqAAAEAAgAAAAAAAACoABwAAAAUAAAAAAAAAKoIrM62HwUig",
        "AwGQsqAAAEAAgAAAAAAAACoABwAAAAUAAAAAAAAAKoIrM62HwUig",
        "AgGQsqAAAEAAgAAAAAAAACoAB_____8AAAAAAAAAKoIrM62HwUig",
        "AgGQsqAAAEAAgAAAAAAAACoABwAAAAWAAAAAAAAAAIIrM62HwUig",
        "AgGQsqAAAEAAgAAAAAAAACoABwAAAAUAAAAAAAAAKoIrM62HwUigAA",
        "===="
      })
  void whatIsNoCursorIsNone(String text) {
    assertThat(Cursor.parse(text)).isEmpty();
  }

  @Test
  void aPlaceOutsideOfAnyLogIsNone() {
    assertThatThrownBy(() -> Cursor.of(TOPIC, -1, LogPosition.at(0), "acme"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Cursor.of(TOPIC, 0, LogPosition.at(-1), "acme"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
