package dev.slipway.pr.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pr.sandbox.SandboxFact.Cloned;
import dev.slipway.pr.sandbox.SandboxFact.Ended;
import dev.slipway.pr.sandbox.SandboxFact.Linked;
import dev.slipway.pr.sandbox.SandboxFact.Pushed;
import dev.slipway.pr.sandbox.SandboxFact.Requested;
import dev.slipway.pr.sandbox.SandboxInput.Seen;
import dev.slipway.pr.sandbox.SandboxInput.Told;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SandboxDeciderTest {
  private static final SandboxDecider DECIDER = new SandboxDecider();
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  private static final String SITE = "https://github.test/acme/site";
  private static final Head TOPIC = new Head(SITE, "topic");
  private static final PullRequestNumber SEVEN = new PullRequestNumber(42, 7);
  private static final PullRequestNumber EIGHT = new PullRequestNumber(42, 8);

  private static final SandboxFact REQUESTED =
      new Requested(new SandboxOwner("s", "u", "t", "e", "q", "a", null), null, AT);
  private static final SandboxFact CLONED = new Cloned("/home/user/site", SITE);
  private static final SandboxFact PUSHED = new Pushed("/home/user/site", "topic", "aa");

  /// Few of each, so that they meet.
  private static final List<SandboxInput> INPUTS =
      List.of(
          new Told(REQUESTED),
          new Told(CLONED),
          new Told(new Cloned("/home/user/shop", "https://github.test/acme/shop")),
          new Told(PUSHED),
          new Told(new Pushed("/home/user/site", "topic", "bb")),
          new Told(new Pushed("/home/user/none", "topic", "aa")),
          new Told(new Linked(SEVEN)),
          new Told(new Ended()),
          new Seen(SEVEN, TOPIC, "aa", true),
          new Seen(EIGHT, TOPIC, "bb", false));

  @Test
  void thePullRequestOfAPushedBranchIsToldToTheSandbox() {
    SandboxState pushed = after(REQUESTED, CLONED, PUSHED);

    assertThat(DECIDER.decide(pushed, new Seen(SEVEN, TOPIC, "zz", true)).commands())
        .containsExactly(new LinkPullRequest(SEVEN));
    assertThat(DECIDER.decide(pushed, new Seen(SEVEN, TOPIC, "aa", false)).commands())
        .containsExactly(new LinkPullRequest(SEVEN));
    assertThat(
            DECIDER.decide(after(REQUESTED, CLONED, PUSHED, new Ended()), seen("topic")).commands())
        .as("what it pushed is still there")
        .containsExactly(new LinkPullRequest(SEVEN));
  }

  @Test
  void whatTheSandboxDidNotPushIsNotItsOwn() {
    SandboxState pushed = after(REQUESTED, CLONED, PUSHED);

    assertThat(DECIDER.decide(pushed, seen("other"))).isEqualTo(Decision.nothing());
    assertThat(DECIDER.decide(after(REQUESTED, CLONED), seen("topic")))
        .isEqualTo(Decision.nothing());
    assertThat(DECIDER.decide(after(REQUESTED, PUSHED), seen("topic")))
        .as("of which repository, nobody told")
        .isEqualTo(Decision.nothing());
    assertThat(DECIDER.decide(pushed, new Seen(SEVEN, TOPIC, "zz", false)))
        .as("one that ended with another commit: the branch bears the name of an earlier one")
        .isEqualTo(Decision.nothing());
    assertThat(DECIDER.decide(after(REQUESTED, CLONED, PUSHED, new Linked(EIGHT)), seen("topic")))
        .isEqualTo(Decision.nothing());
  }

  @Test
  void itIsForTheRepositoryThatWasNamedElseForTheFirstThatWentIn() {
    SandboxFact named =
        new Requested(
            new SandboxOwner("s", null, null, null, null, null, null),
            "https://github.test/acme/named",
            AT);

    assertThat(after(REQUESTED).repository()).isNull();
    assertThat(after(REQUESTED, CLONED, new Cloned("/x", "https://x.test/a/b")).repository())
        .isEqualTo(SITE);
    assertThat(after(named, CLONED).repository()).isEqualTo("https://github.test/acme/named");
  }

  @Test
  void aSandboxThatPushesWithoutEndIsRememberedWithinBounds() {
    SandboxState state = after(REQUESTED, CLONED);
    for (int branch = 0; branch < 150; branch++) {
      state = state.with(new Pushed("/home/user/site", "b" + branch, "aa"));
    }

    assertThat(state.pushed()).hasSize(100).containsKey(new Head(SITE, "b0").name());
    assertThat(state.with(new Pushed("/home/user/site", "b0", "bb")).pushed())
        .containsEntry(new Head(SITE, "b0").name(), "bb");
  }

  @Test
  void beingToldAgainChangesNothingAndWhatIsSeenNever() {
    qt().forAll(
            lists().of(integers().between(0, INPUTS.size() - 1)).ofSizeBetween(0, 12),
            integers().between(0, INPUTS.size() - 1))
        .checkAssert((history, last) -> {
          SandboxState state = SandboxState.UNKNOWN;
          for (int each : history) {
            state = apply(state, INPUTS.get(each));
          }
          SandboxInput input = INPUTS.get(last);

          SandboxState once = apply(state, input);

          if (input instanceof Told) {
            assertThat(DECIDER.decide(once, input)).isEqualTo(Decision.nothing());
          } else {
            assertThat(once).isEqualTo(state);
          }
        });
  }

  private static Seen seen(String branch) {
    return new Seen(SEVEN, new Head(SITE, branch), "zz", true);
  }

  private static SandboxState after(SandboxFact... facts) {
    SandboxState state = SandboxState.UNKNOWN;
    for (SandboxFact fact : facts) {
      state = apply(state, new Told(fact));
    }
    return state;
  }

  private static SandboxState apply(SandboxState before, SandboxInput input) {
    SandboxState state = before;
    for (SandboxFact fact : DECIDER.decide(before, input).events()) {
      state = DECIDER.evolve(state, new Numbered<>(fact, null, 0, AT, new UUID(0, 1)));
    }
    return state;
  }
}
