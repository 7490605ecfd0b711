package dev.slipway.pr.delivery;

import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pr.delivery.DeliveryEvent.Followed;
import dev.slipway.pr.delivery.DeliveryEvent.Judged;
import dev.slipway.pr.delivery.DeliveryInput.DeadLettered;
import dev.slipway.pr.delivery.DeliveryInput.Observed;
import dev.slipway.pr.delivery.DeliveryInput.Received;
import dev.slipway.pr.delivery.DeliveryState.Recorded;
import dev.slipway.pr.delivery.Verdict.Outcome;
import dev.slipway.pr.pullrequest.Fact;
import dev.slipway.pr.pullrequest.PullRequestDecider;
import dev.slipway.pr.pullrequest.PullRequestEvent;
import dev.slipway.pr.pullrequest.PullRequestEvent.Announced;
import dev.slipway.pr.pullrequest.PullRequestEvent.Learned;
import dev.slipway.pr.pullrequest.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// | delivery | input | answer |
/// |---|---|---|
/// | never seen | received | what follows from its facts, and judged |
/// | recorded | the same record again | nothing, unless this build reads more of it or judges it otherwise |
/// | recorded | another record with the same id: a copy from a second hook, a redelivery | nothing |
/// | any but such a copy | dead-lettered | judged dead-lettered |
/// | any | an answer of the API | what follows from its facts |
final class DeliveryDecider implements Decider<DeliveryState, DeliveryInput, DeliveryEvent> {
  private static final Verdict WRONG_TYPE = Verdict.rejected("wrong_type");

  @Override
  public DeliveryState initial() {
    return DeliveryState.UNKNOWN;
  }

  @Override
  public Decision<DeliveryEvent> decide(DeliveryState state, DeliveryInput input) {
    return switch (input) {
      case Received received -> {
        Recorded known = state.deliveries().get(received.webhook().id());
        yield known != null && !known.webhook().position().equals(received.webhook().position())
            ? Decision.nothing()
            : judge(state, known, received);
      }
      case Observed(var cause, var reading) ->
          Decision.of(
              followed(PullRequestDecider.decide(state.repository(), reading.facts(), cause)));
      case DeadLettered(var webhook) -> {
        Recorded known = state.deliveries().get(webhook.id());
        yield known != null && !known.webhook().position().equals(webhook.position())
            ? Decision.nothing()
            : Decision.of(new Judged(webhook, Verdict.deadLettered("bug"), null));
      }
    };
  }

  /// An event's id comes to the delivery that it follows from, which was judged before it.
  @Override
  public DeliveryState evolve(DeliveryState state, Numbered<DeliveryEvent> event) {
    return switch (event.event()) {
      case Judged(var webhook, var verdict, var pullRequest) -> {
        Recorded known = state.deliveries().get(webhook.id());
        yield state.with(
            new Recorded(
                webhook,
                verdict,
                pullRequest,
                known == null || !verdict.isFollowed() ? List.of() : known.eventIds()));
      }
      case Followed(var followed) -> {
        var next =
            new DeliveryState(
                state.deliveries(),
                PullRequestDecider.evolve(
                    state.repository(), PullRequestEvent.numbered(followed, event)));
        UUID delivery =
            followed instanceof Announced announced ? announced.cause().deliveryId() : null;
        Recorded recorded =
            delivery == null ? null : state.deliveries().get(new DeliveryId(delivery));
        yield recorded == null ? next : next.with(recorded.with(event.publishedId()));
      }
    };
  }

  private static Decision<DeliveryEvent> judge(
      DeliveryState state, @Nullable Recorded known, Received received) {
    Webhook webhook = received.webhook();
    Reading reading = received.reading();
    Verdict verdict = FollowedEvents.judge(webhook.about());
    if (verdict.outcome() != Outcome.APPLIED) {
      // what it lacks may be there, in another type
      return judged(
          known,
          webhook,
          verdict.outcome() == Outcome.REJECTED && reading.equals(Reading.WRONG_TYPE)
              ? WRONG_TYPE
              : verdict);
    }
    if (reading instanceof Reading.Incomplete(var reason)) {
      return judged(known, webhook, Verdict.rejected(reason));
    }
    List<PullRequestEvent> found =
        PullRequestDecider.decide(state.repository(), reading.facts(), received.cause());
    Judged judged = judged(known, webhook, found);
    List<DeliveryEvent> events = new ArrayList<>();
    if (known == null || !known.is(judged)) {
      events.add(judged);
    }
    events.addAll(followed(found));
    return Decision.of(events);
  }

  private static Decision<DeliveryEvent> judged(
      @Nullable Recorded known, Webhook webhook, Verdict verdict) {
    var judged = new Judged(webhook, verdict, null);
    if (known != null && known.is(judged)) {
      return Decision.nothing();
    }
    return verdict.outcome() == Outcome.REJECTED ? Decision.rejected(judged) : Decision.of(judged);
  }

  /// What was recorded of it stays, and what is found now is added.
  private static Judged judged(
      @Nullable Recorded known, Webhook webhook, List<PullRequestEvent> found) {
    Long number = changed(webhook, found);
    boolean applied = found.stream().anyMatch(event -> counts(webhook, event));
    if (known != null && known.verdict().isFollowed()) {
      applied |= known.verdict().outcome() == Outcome.APPLIED;
      number = number == null ? known.pullRequest() : number;
    }
    return new Judged(webhook, applied ? Verdict.APPLIED : Verdict.UNCHANGED, number);
  }

  /// That a repository has the name it has is no news, except in an event about repositories.
  private static boolean counts(Webhook webhook, PullRequestEvent event) {
    return !(event instanceof Learned(Fact.Named _))
        || webhook.about().event().equals("repository");
  }

  private static @Nullable Long changed(Webhook webhook, List<PullRequestEvent> found) {
    for (PullRequestEvent event : found) {
      if (event instanceof Announced announced) {
        return announced.summary().number();
      }
    }
    boolean learned = found.stream().anyMatch(event -> counts(webhook, event));
    return learned ? webhook.about().number() : null;
  }

  private static List<DeliveryEvent> followed(List<PullRequestEvent> events) {
    return events.stream().<DeliveryEvent>map(Followed::new).toList();
  }
}
