package dev.slipway.pr.delivery;

import dev.slipway.pipeline.core.Decider;
import dev.slipway.pipeline.core.Decision;
import dev.slipway.pr.delivery.DeliveryEvent.Judged;
import dev.slipway.pr.delivery.DeliveryInput.DeadLettered;
import dev.slipway.pr.delivery.DeliveryInput.Received;
import dev.slipway.pr.delivery.DeliveryState.Absent;
import dev.slipway.pr.delivery.DeliveryState.Recorded;
import dev.slipway.pr.delivery.Verdict.Outcome;

/// | state | input | answer |
/// |---|---|---|
/// | absent | received | judged |
/// | recorded | the same record again | nothing, unless this build judges it otherwise |
/// | recorded | another record with the same id: a copy from a second hook, a redelivery | nothing |
/// | any | dead-lettered | judged dead-lettered |
final class DeliveryDecider implements Decider<DeliveryState, DeliveryInput, DeliveryEvent> {
  @Override
  public DeliveryState initial() {
    return new Absent();
  }

  @Override
  public Decision<DeliveryEvent> decide(DeliveryState state, DeliveryInput input) {
    return switch (new Step(state, input)) {
      case Step(Absent(), Received(var webhook)) -> judged(webhook);
      case Step(Recorded(var known, var verdict), Received(var webhook)) ->
          !known.position().equals(webhook.position())
                  || (known.equals(webhook)
                      && verdict.equals(FollowedEvents.judge(webhook.about())))
              ? Decision.nothing()
              : judged(webhook);
      case Step(_, DeadLettered(var webhook)) ->
          Decision.of(new Judged(webhook, Verdict.deadLettered("bug")));
    };
  }

  @Override
  public DeliveryState evolve(DeliveryState state, DeliveryEvent event) {
    return switch (event) {
      case Judged(var webhook, var verdict) -> new Recorded(webhook, verdict);
    };
  }

  private static Decision<DeliveryEvent> judged(Webhook webhook) {
    Verdict verdict = FollowedEvents.judge(webhook.about());
    var event = new Judged(webhook, verdict);
    return verdict.outcome() == Outcome.REJECTED ? Decision.rejected(event) : Decision.of(event);
  }

  private record Step(DeliveryState state, DeliveryInput input) {}
}
