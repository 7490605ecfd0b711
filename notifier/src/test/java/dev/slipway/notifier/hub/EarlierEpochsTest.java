package dev.slipway.notifier.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.longs;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class EarlierEpochsTest {
  private static final EarlierEpoch EPOCH = new EarlierEpoch(4, 6);

  private final EarlierEpochs epochs = new EarlierEpochs();

  @Test
  void whateverWasAskedEachAnswerIsRightAndNothingIsAskedTwice() {
    qt().forAll(longs().between(0, 20), lists().of(longs().between(0, 20)).ofSizeBetween(0, 9))
        .checkAssert((end, asked) -> {
          EarlierEpochs fresh = new EarlierEpochs();
          for (long offset : asked) {
            fresh.told(EPOCH, offset, Math.min(offset, end));
          }

          for (long offset = 0; offset <= 20; offset++) {
            Optional<Boolean> reach = fresh.reach(EPOCH, offset);
            assertThat(reach.orElse(offset <= end)).isEqualTo(offset <= end);
            assertThat(!asked.contains(offset) || reach.isPresent()).isTrue();
          }
        });
  }

  @Test
  void anEndThatWasFoundAnswersForEveryOffset() {
    epochs.told(EPOCH, 90, 70);

    assertThat(epochs.reach(EPOCH, 70)).contains(true);
    assertThat(epochs.reach(EPOCH, 71)).contains(false);
  }

  @Test
  void whatKafkaToldHoldsForOneEpochAndForAsLongAsTheLeaderDoes() {
    epochs.told(EPOCH, 70, 70);

    assertThat(epochs.reach(EPOCH, 70)).contains(true);
    assertThat(epochs.reach(EPOCH, 71)).isEmpty();
    assertThat(epochs.reach(new EarlierEpoch(5, 6), 70)).isEmpty();
    assertThat(epochs.reach(new EarlierEpoch(4, 7), 70)).isEmpty(); // which may have lost more
  }

  @Test
  void howeverManyEpochsClientsMakeUpFewAreKept() {
    int many = 10_000;
    for (int epoch = 0; epoch < many; epoch++) {
      epochs.told(new EarlierEpoch(epoch, many), 1, 1);
    }

    long kept = 0;
    for (int epoch = 0; epoch < many; epoch++) {
      kept += epochs.reach(new EarlierEpoch(epoch, many), 1).isPresent() ? 1 : 0;
    }
    assertThat(kept).isBetween(1L, 100L);
    assertThat(epochs.reach(new EarlierEpoch(many - 1, many), 1)).contains(true);
  }
}
