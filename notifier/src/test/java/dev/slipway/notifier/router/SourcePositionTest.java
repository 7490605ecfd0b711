package dev.slipway.notifier.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.notifier.router.SourcePosition.Placement;
import dev.slipway.pipeline.kafka.LogReader.Log;
import org.junit.jupiter.api.Test;

class SourcePositionTest {
  private static final Log LOG = new Log("id", 10, 20);

  @Test
  void withoutAPositionTheLogIsReadFromItsStart() {
    assertThat(SourcePosition.place(null, LOG)).isEqualTo(at(10, 0, false));
  }

  @Test
  void aTopicThatWasMadeAnewIsReadFromItsStartAndHasLostWhatWasPublished() {
    assertThat(SourcePosition.place(new SourcePosition("other", 15), LOG))
        .isEqualTo(at(10, 0, true));
  }

  @Test
  void aPositionInTheLogIsGoneOnFrom() {
    for (long next = 10; next <= 20; next++) {
      assertThat(SourcePosition.place(new SourcePosition("id", next), LOG))
          .isEqualTo(at(next, 0, false));
    }
  }

  @Test
  void recordsThatAreGoneBeforeTheyWereReadAreCounted() {
    assertThat(SourcePosition.place(new SourcePosition("id", 7), LOG)).isEqualTo(at(10, 3, false));
  }

  @Test
  void ofATruncatedLogNothingIsPublishedAgain() {
    assertThat(SourcePosition.place(new SourcePosition("id", 25), LOG)).isEqualTo(at(20, 0, true));
  }

  private static Placement at(long next, long lost, boolean cut) {
    return new Placement(new SourcePosition("id", next), lost, cut);
  }
}
