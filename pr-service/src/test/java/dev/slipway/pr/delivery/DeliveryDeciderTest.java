package dev.slipway.pr.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.arbitrary;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import dev.slipway.pipeline.core.Decision;
import dev.slipway.pr.delivery.DeliveryInput.DeadLettered;
import dev.slipway.pr.delivery.DeliveryInput.Received;
import dev.slipway.pr.delivery.DeliveryState.Absent;
import dev.slipway.pr.delivery.DeliveryState.Recorded;
import dev.slipway.pr.delivery.Verdict.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quicktheories.core.Gen;

class DeliveryDeciderTest {
  private static final DeliveryDecider DECIDER = new DeliveryDecider();

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
                return readable ? new Received(webhook) : new DeadLettered(webhook);
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
          var first = new Received(TestWebhooks.webhook(1, "acme", 0, about));
          var copies = new ArrayList<DeliveryInput>(List.of(first));
          offsets.forEach(
              offset -> copies.add(new Received(TestWebhooks.webhook(1, "acme", offset, about))));

          assertThat(fold(copies)).isEqualTo(fold(List.of(first)));
        });
  }

  @Test
  void foldingALogTwiceIsFoldingItOnce() {
    qt().forAll(lists().of(ABOUTS).ofSizeBetween(1, 8))
        .checkAssert(abouts -> {
          var log = new ArrayList<DeliveryInput>();
          for (Webhook.About about : abouts) {
            log.add(new Received(TestWebhooks.webhook(1, "acme", log.size(), about)));
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
    var former = new Recorded(webhook, Verdict.rejected("no_number"));

    DeliveryState state = apply(former, new Received(webhook));

    assertThat(state).isEqualTo(new Recorded(webhook, Verdict.ignored("ping")));
  }

  @Test
  void whatWasDeadLetteredSaysSo() {
    Webhook webhook = TestWebhooks.webhook(1, "acme", 0);

    DeliveryState state = apply(new Absent(), new DeadLettered(webhook));

    assertThat(state).isEqualTo(new Recorded(webhook, Verdict.deadLettered("bug")));
  }

  @ParameterizedTest
  @CsvSource({
    // event, action, repository id, number: outcome, reason
    "pull_request,  opened,    1001, 7, APPLIED,",
    "pull_request,  opened,    1001,  , REJECTED, no_number",
    "pull_request,  opened,        , 7, REJECTED, no_repository",
    "pull_request,            ,1001, 7, REJECTED, no_action",
    "pull_request,  renamed,   1001, 7, IGNORED, action_not_followed",
    "push,                    ,1001,  , APPLIED,",
    "push,                    ,    ,  , REJECTED, no_repository",
    "installation,  created,       ,  , APPLIED,",
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
    var input = new Received(TestWebhooks.webhook(1, "acme", 0, about));

    Decision<DeliveryEvent> decision = DECIDER.decide(new Absent(), input);

    assertThat(decision.rejected()).isEqualTo(outcome == Outcome.REJECTED);
    assertThat(DECIDER.fold(new Absent(), decision))
        .isEqualTo(new Recorded(input.webhook(), new Verdict(outcome, reason)));
  }

  private static DeliveryState fold(List<DeliveryInput> inputs) {
    DeliveryState state = DECIDER.initial();
    for (DeliveryInput input : inputs) {
      state = apply(state, input);
    }
    return state;
  }

  private static DeliveryState apply(DeliveryState state, DeliveryInput input) {
    return DECIDER.fold(state, DECIDER.decide(state, input));
  }
}
