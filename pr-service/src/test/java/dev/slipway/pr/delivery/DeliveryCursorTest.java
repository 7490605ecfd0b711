package dev.slipway.pr.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;
import static org.quicktheories.generators.SourceDSL.strings;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryCursorTest {

  @Test
  void itComesBackAsItWasAndNeedsNoEscapingInUrls() {
    qt().forAll(longs().between(0, 4_102_444_800_000_000L), longs().all(), longs().all())
        .checkAssert((micros, high, low) -> {
          var cursor =
              new DeliveryCursor(
                  Instant.EPOCH.plus(micros, ChronoUnit.MICROS),
                  new DeliveryId(new UUID(high, low)));

          assertThat(DeliveryCursor.parse(cursor.text())).isEqualTo(cursor);
          assertThat(cursor.text()).matches("[A-Za-z0-9_-]{32}");
        });
  }

  @Test
  void anyOtherTextIsRefused() {
    qt().forAll(strings().allPossible().ofLengthBetween(0, 40))
        .checkAssert(text -> {
          try {
            assertThat(DeliveryCursor.parse(text).text()).isEqualTo(text.replace("=", ""));
          } catch (IllegalArgumentException _) {
            // refused
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "AAAA", "not base64!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void aMalformedOneIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> DeliveryCursor.parse(text));
  }
}
