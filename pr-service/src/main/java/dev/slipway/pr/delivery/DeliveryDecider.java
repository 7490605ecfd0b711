package dev.slipway.pr.delivery;

import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pipeline.core.DerivedIds;
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
import dev.slipway.pr.pullrequest.PullRequestEvent.Cause;
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
/// | any | dead-lettered | judged dead-lettered |
/// | any | an answer of the API | what follows from its facts |
final class DeliveryDecider implements Decider<DeliveryState, DeliveryInput, DeliveryEvent> {
  private static final Verdict WRONG_TYPE = Verdict.rejected("wrong_type");

  private final PullRequestDecider pullRequests;

  DeliveryDecider(DerivedIds ids) {
    this.pullRequests = new PullRequestDecider(ids);
  }

  @Override
  public DeliveryState initial() {
    return DeliveryState.UNKNOWN;
  }

  @Override
  public Decision<DeliveryEvent> decide(DeliveryState state, DeliveryInput input) {
    return switch (input) {
      case Received(var webhook, var cause, var reading) -> {
        Recorded known = state.deliveries().get(webhook.id());
        yield known != null && !known.webhook().position().equals(webhook.position())
            ? Decision.nothing()
            : received(state, known, webhook, cause, reading);
      }
      case Observed(var repositoryId, var cause, Reading.Facts(var facts)) ->
          new Decision<>(
              followed(pullRequests.decide(repositoryId, state.repository(), facts, cause)), false);
      case Observed(_, _, Reading.Incomplete _) -> Decision.nothing();
      case DeadLettered(var webhook) ->
          Decision.of(
              new Judged(new Recorded(webhook, Verdict.deadLettered("bug"), null, List.of())));
    };
  }

  @Override
  public DeliveryState evolve(DeliveryState state, DeliveryEvent event) {
    return switch (event) {
      case Judged(var recorded) ->
          new DeliveryState(
              state.deliveries().plus(recorded.webhook().id(), recorded), state.repository());
      case Followed(var followed) ->
          new DeliveryState(state.deliveries(), pullRequests.evolve(state.repository(), followed));
    };
  }

  private Decision<DeliveryEvent> received(
      DeliveryState state,
      @Nullable Recorded known,
      Webhook webhook,
      Cause cause,
      Reading reading) {
    Verdict verdict = FollowedEvents.judge(webhook.about());
    if (verdict.outcome() == Outcome.APPLIED) {
      return switch (reading) {
        case Reading.Facts(var facts) -> followed(state, known, webhook, cause, facts);
        case Reading.Incomplete(var reason) -> judged(known, webhook, Verdict.rejected(reason));
      };
    }
    // what it lacks may be there, in another type
    return judged(
        known,
        webhook,
        verdict.outcome() == Outcome.REJECTED && reading.equals(Reading.WRONG_TYPE)
            ? WRONG_TYPE
            : verdict);
  }

  private static Decision<DeliveryEvent> judged(
      @Nullable Recorded known, Webhook webhook, Verdict verdict) {
    var recorded = new Recorded(webhook, verdict, null, List.of());
    if (recorded.equals(known)) {
      return Decision.nothing();
    }
    var event = new Judged(recorded);
    return verdict.outcome() == Outcome.REJECTED ? Decision.rejected(event) : Decision.of(event);
  }

  private Decision<DeliveryEvent> followed(
      DeliveryState state,
      @Nullable Recorded known,
      Webhook webhook,
      Cause cause,
      List<Fact> facts) {
    long repositoryId = webhook.about().repository().idOrZero();
    List<PullRequestEvent> found =
        pullRequests.decide(repositoryId, state.repository(), facts, cause);
    var recorded = recorded(known, webhook, found);
    List<DeliveryEvent> events = new ArrayList<>(followed(found));
    if (!recorded.equals(known)) {
      events.add(new Judged(recorded));
    }
    return new Decision<>(events, false);
  }

  /// What was recorded of it stays, and what is found now is added.
  private static Recorded recorded(
      @Nullable Recorded known, Webhook webhook, List<PullRequestEvent> found) {
    Long number = changed(webhook, found);
    List<UUID> ids = new ArrayList<>();
    boolean applied = found.stream().anyMatch(event -> counts(webhook, event));
    if (known != null && known.verdict().isFollowed()) {
      ids.addAll(known.eventIds());
      applied |= known.verdict().outcome() == Outcome.APPLIED;
      number = number == null ? known.pullRequest() : number;
    }
    for (PullRequestEvent event : found) {
      if (event instanceof Announced announced) {
        ids.add(announced.id());
      }
    }
    return new Recorded(webhook, applied ? Verdict.APPLIED : Verdict.UNCHANGED, number, ids);
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
