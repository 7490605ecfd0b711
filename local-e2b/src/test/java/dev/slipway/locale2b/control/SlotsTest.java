package dev.slipway.locale2b.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.localserver.RefusedException;
import org.junit.jupiter.api.Test;

class SlotsTest {
  @Test
  void oneMoreThanThereAreIsTooManyUntilOneIsGivenBack() {
    Slots slots = new Slots(1);
    slots.take();

    assertThatThrownBy(slots::take)
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(429);
              assertThat(refused.text()).contains("maximum number of concurrent", "(1)");
            });

    slots.giveBack();
    slots.take();
  }
}
