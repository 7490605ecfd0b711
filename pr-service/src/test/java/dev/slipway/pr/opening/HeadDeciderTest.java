package dev.slipway.pr.opening;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pr.observation.Observation;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HeadDeciderTest {
  private static final HeadDecider DECIDER = new HeadDecider();
  private static final UUID FIRST = new UUID(0, 1);
  private static final UUID SECOND = new UUID(0, 2);
  private static final Wish WISH =
      new Wish("https://github.com/acme/site", "fix", null, null, null, false, List.of());
  private static final Observation ANSWER =
      new Observation(42, 7, "/repositories/42/pulls/7", null, Instant.EPOCH, new byte[] {1});
  private static final HeadInput.Opened OPENED = new HeadInput.Opened(FIRST, List.of(ANSWER));

  private static HeadState after(HeadInput... inputs) {
    HeadState state = DECIDER.initial();
    for (HeadInput input : inputs) {
      for (HeadEvent event : DECIDER.decide(state, input).events()) {
        state = DECIDER.evolve(state, new Numbered<>(event, null, 0, Instant.EPOCH, FIRST));
      }
    }
    return state;
  }

  @Test
  void aWishBecomesAnOperationOnce() {
    var wish = new HeadInput.Open(FIRST, WISH);

    assertThat(DECIDER.decide(after(), wish).operations())
        .containsExactly(new OpenPullRequest(FIRST, WISH));
    assertThat(DECIDER.decide(after(wish), wish).isNothing()).isTrue();
  }

  @Test
  void whatGitHubAnsweredGoesToTheLogOnce() {
    HeadState asked = after(new HeadInput.Open(FIRST, WISH));

    assertThat(DECIDER.decide(asked, OPENED).commands()).containsExactly(ANSWER);
    assertThat(DECIDER.decide(after(new HeadInput.Open(FIRST, WISH), OPENED), OPENED).isNothing())
        .isTrue();
    assertThat(DECIDER.decide(after(), OPENED).isNothing()).isTrue();
  }

  @Test
  void anOutcomeEndsItsOwnOperation() {
    HeadState state =
        after(
            new HeadInput.Open(FIRST, WISH),
            new HeadInput.Open(SECOND, WISH),
            OPENED,
            new HeadInput.Ended(FIRST));

    assertThat(state).isEqualTo(new HeadState(3, List.of(SECOND)));
  }

  @Test
  void onlyWhatIsActiveCanBeCancelled() {
    Decision<HeadEvent> cancel =
        DECIDER.decide(after(new HeadInput.Open(FIRST, WISH)), new HeadInput.Cancel(FIRST));

    assertThat(cancel.cancelled()).containsExactly(FIRST);
    assertThat(cancel.rejected()).isFalse();
    assertThat(DECIDER.decide(after(), new HeadInput.Cancel(FIRST)).rejected()).isTrue();
  }

  @Test
  void onlySoManyWaitForOneHead() {
    HeadState full = DECIDER.initial();
    for (int n = 0; n < HeadDecider.MOST_ACTIVE; n++) {
      full = full.asked(new UUID(1, n));
    }

    assertThat(DECIDER.decide(full, new HeadInput.Open(FIRST, WISH)).rejected()).isTrue();
  }
}
