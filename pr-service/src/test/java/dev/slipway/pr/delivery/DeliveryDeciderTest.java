package dev.slipway.pr.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.arbitrary;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import dev.slipway.pipeline.core.Decision;
import dev.slipway.pr.delivery.DeliveryEvent.Judged;
import dev.slipway.pr.delivery.DeliveryInput.DeadLettered;
import dev.slipway.pr.delivery.DeliveryInput.Observed;
import dev.slipway.pr.delivery.DeliveryInput.Received;
import dev.slipway.pr.delivery.DeliveryState.Recorded;
import dev.slipway.pr.delivery.Verdict.Outcome;
import dev.slipway.pr.pullrequest.PullRequestCodec;
import dev.slipway.pr.pullrequest.Reading;
import dev.slipway.pr.pullrequest.RepositoryKey;
import dev.slipway.pr.pullrequest.TestKernel;
import dev.slipway.schemas.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quicktheories.core.Gen;

class DeliveryDeciderTest {
  private static final DeliveryDecider DECIDER = new DeliveryDecider();
  private static final TestKernel<DeliveryState, DeliveryEvent> KERNEL =
      new TestKernel<>(
          new RepositoryKey("acme", 1001).aggregate(),
          new PullRequestCodec<>(
              (_, _) -> new byte[0], "t", DeliveryState::repository, DeliveryEvent::ofPullRequest),
          DECIDER::evolve);

  private static final Recorded NONE =
      new Recorded(TestWebhooks.webhook(9, "nobody", 9), Verdict.ignored("none"), null, List.of());

  private static final Gen<Webhook.About> ABOUTS =
      arbitrary()
          .pick("pull_request", "push", "ping", "installation", "unheard_of")
          .zip(
              arbitrary().pick("opened", "created", "unheard_of", ""),
              integers().between(0, 3),
              (event, action, has) ->
                  new Webhook.About(
                      event,
                      action.isEmpty() ? null : action,
                      TestWebhooks.repository(has > 1 ? 1001L : null),
                      has % 2 == 1 ? 7L : null,
                      null));

  /// Copies of one delivery at different places of the log; some end on the dead-letter topic.
  private static final Gen<DeliveryInput> INPUTS =
      integers()
          .between(0, 5)
          .zip(
              ABOUTS,
              arbitrary().pick(true, true, true, false),
              (offset, about, readable) -> {
                Webhook webhook = TestWebhooks.webhook(1, "acme", offset, about);
                return readable
                    ? TestWebhooks.received(webhook, TestWebhooks.reading(webhook))
                    : new DeadLettered(webhook);
              });

  @Test
  void redeliveringAnyInputChangesNothing() {
    qt().forAll(lists().of(INPUTS).ofSizeBetween(0, 8), INPUTS)
        .checkAssert((history, input) -> {
          DeliveryState once = apply(fold(history), input);

          DeliveryState twice = apply(once, input);

          assertThat(twice).isEqualTo(once);
          if (input instanceof Received) {
            assertThat(DECIDER.decide(once, input)).isEqualTo(Decision.nothing());
          }
        });
  }

  @Test
  void theFirstCopyCountsAndLaterOnesChangeNothing() {
    qt().forAll(ABOUTS, lists().of(integers().between(1, 9)).ofSizeBetween(0, 8))
        .checkAssert((about, offsets) -> {
          var first = TestWebhooks.received(1, 0, about);
          var copies = new ArrayList<DeliveryInput>(List.of(first));
          offsets.forEach(offset -> copies.add(TestWebhooks.received(1, offset, about)));

          assertThat(fold(copies)).isEqualTo(fold(List.of(first)));
        });
  }

  @Test
  void foldingALogTwiceIsFoldingItOnce() {
    qt().forAll(lists().of(ABOUTS).ofSizeBetween(1, 8))
        .checkAssert(abouts -> {
          var log = new ArrayList<DeliveryInput>();
          for (Webhook.About about : abouts) {
            log.add(TestWebhooks.received(1, log.size(), about));
          }
          DeliveryState once = fold(log);

          DeliveryState twice = once;
          for (DeliveryInput input : log) {
            twice = apply(twice, input);
          }

          assertThat(twice).isEqualTo(once);
        });
  }

  @Test
  void aBuildThatJudgesOtherwiseJudgesAnew() {
    Webhook webhook = TestWebhooks.webhook(1, "acme", 0);
    var former = new Recorded(webhook, Verdict.rejected("no_number"), null, List.of());

    DeliveryState state =
        apply(with(former), TestWebhooks.received(webhook, TestWebhooks.reading(webhook)));

    assertThat(state)
        .isEqualTo(with(new Recorded(webhook, Verdict.ignored("ping"), null, List.of())));
  }

  @Test
  void aCopyThatBecomesADeadLetterLeavesTheFirstAsItIs() {
    qt().forAll(ABOUTS, integers().between(1, 9))
        .checkAssert((about, offset) -> {
          DeliveryState first = fold(List.of(TestWebhooks.received(1, 0, about)));
          Webhook copy = TestWebhooks.webhook(1, "acme", offset, about);

          assertThat(DECIDER.decide(first, new DeadLettered(copy))).isEqualTo(Decision.nothing());
        });
  }

  @Test
  void whatWasDeadLetteredSaysSo() {
    Webhook webhook = TestWebhooks.webhook(1, "acme", 0);

    DeliveryState state = apply(DECIDER.initial(), new DeadLettered(webhook));

    assertThat(state)
        .isEqualTo(with(new Recorded(webhook, Verdict.deadLettered("bug"), null, List.of())));
  }

  @ParameterizedTest
  @CsvSource({
    // event, action, repository id, number: outcome, reason
    "pull_request,  opened,    1001, 7, APPLIED,",
    "pull_request,  opened,    1001,  , REJECTED, no_number",
    "pull_request,  opened,        , 7, REJECTED, no_repository",
    "pull_request,            ,1001, 7, REJECTED, no_action",
    "pull_request,  renamed,   1001, 7, IGNORED, action_not_followed",
    "push,                    ,1001,  , UNCHANGED,",
    "push,                    ,    ,  , REJECTED, no_repository",
    "installation,  created,       ,  , UNCHANGED,",
    "ping,                    ,    ,  , IGNORED, ping",
    "star,          created,   1001,  , IGNORED, event_not_followed",
    "'',                      ,    ,  , IGNORED, event_not_followed",
  })
  void aDeliveryIsJudgedByItsKindAndWhatItHas(
      String event,
      @Nullable String action,
      @Nullable Long repositoryId,
      @Nullable Long number,
      Outcome outcome,
      @Nullable String reason) {
    var about =
        new Webhook.About(event, action, TestWebhooks.repository(repositoryId), number, null);
    var input = TestWebhooks.received(1, 0, about);

    Decision<DeliveryEvent> decision = DECIDER.decide(DECIDER.initial(), input);

    assertThat(decision.rejected()).isEqualTo(outcome == Outcome.REJECTED);
    assertThat(apply(DECIDER.initial(), input).deliveries().get(TestWebhooks.id(1)))
        .extracting(Recorded::verdict)
        .isEqualTo(new Verdict(outcome, reason));
  }

  @Test
  void whatItSaysDecidesWhetherItAppliesOrChangesNothing() {
    var about =
        new Webhook.About("pull_request", "opened", TestWebhooks.repository(1001L), 7L, null);
    DeliveryState once = fold(List.of(TestWebhooks.received(1, 0, about)));

    DeliveryState twice = apply(once, TestWebhooks.received(2, 1, about));

    Recorded first = once.deliveries().getOrDefault(TestWebhooks.id(1), NONE);
    Recorded second = twice.deliveries().getOrDefault(TestWebhooks.id(2), NONE);
    assertThat(first.verdict()).isEqualTo(Verdict.APPLIED);
    assertThat(first.pullRequest()).isEqualTo(7);
    assertThat(first.eventIds())
        .containsExactly(
            Ids.derived("test", TestWebhooks.id(1).value(), "pull_request.opened", "1001#7", 0));
    assertThat(second)
        .isEqualTo(new Recorded(second.webhook(), Verdict.UNCHANGED, null, List.of()));
  }

  @Test
  void aBuildThatReadsMoreAddsTheEventsThatItFinds() {
    var about =
        new Webhook.About("pull_request", "opened", TestWebhooks.repository(1001L), 7L, null);
    Webhook webhook = TestWebhooks.webhook(1, "acme", 0, about);
    var earlier = new UUID(1, 1);
    var former = new Recorded(webhook, Verdict.APPLIED, 7L, List.of(earlier));
    var input = TestWebhooks.received(webhook, TestWebhooks.reading(webhook));

    DeliveryState state = apply(DECIDER.initial().with(former), input);

    assertThat(state.deliveries().get(TestWebhooks.id(1)))
        .isEqualTo(
            new Recorded(
                webhook,
                Verdict.APPLIED,
                7L,
                List.of(
                    earlier,
                    Ids.derived(
                        "test", TestWebhooks.id(1).value(), "pull_request.opened", "1001#7", 0))));
    assertThat(DECIDER.decide(state, input)).isEqualTo(Decision.nothing());
  }

  @Test
  void anIncompletePayloadIsRejected() {
    var about =
        new Webhook.About("pull_request", "opened", TestWebhooks.repository(1001L), 7L, null);
    Webhook webhook = TestWebhooks.webhook(1, "acme", 0, about);

    Decision<DeliveryEvent> decision =
        DECIDER.decide(
            DECIDER.initial(),
            TestWebhooks.received(webhook, new Reading.Incomplete("no_pull_request")));

    assertThat(decision)
        .isEqualTo(
            Decision.rejected(new Judged(webhook, Verdict.rejected("no_pull_request"), null)));
  }

  @ParameterizedTest
  @CsvSource({
    // event, action: reason
    "pull_request, opened,  wrong_type", // without a number
    "push,                , wrong_type", // without a repository
    "star,         created, event_not_followed",
  })
  void whatIsThereInAnotherTypeIsNotCalledMissing(
      String event, @Nullable String action, String reason) {
    var about =
        new Webhook.About(
            event,
            action,
            TestWebhooks.repository(event.equals("push") ? null : 1001L),
            null,
            null);
    var input =
        TestWebhooks.received(TestWebhooks.webhook(1, "acme", 0, about), Reading.WRONG_TYPE);

    DeliveryState state = apply(DECIDER.initial(), input);

    assertThat(state.deliveries().get(TestWebhooks.id(1)))
        .extracting(recorded -> recorded.verdict().reason())
        .isEqualTo(reason);
  }

  private static DeliveryState with(Recorded recorded) {
    return DECIDER.initial().with(recorded);
  }

  private static DeliveryState fold(List<DeliveryInput> inputs) {
    DeliveryState state = DECIDER.initial();
    for (DeliveryInput input : inputs) {
      state = apply(state, input);
    }
    return state;
  }

  private static DeliveryState apply(DeliveryState state, DeliveryInput input) {
    UUID cause =
        switch (input) {
          case Received(var webhook, _, _) -> webhook.id().value();
          case DeadLettered(var webhook) -> webhook.id().value();
          case Observed _ -> new UUID(9, 9);
        };
    return KERNEL.fold(state, cause, DECIDER.decide(state, input).events()).state();
  }
}
