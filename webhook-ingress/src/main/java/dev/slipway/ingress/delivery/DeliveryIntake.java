package dev.slipway.ingress.delivery;

import dev.slipway.web.ApiException;
import dev.slipway.web.DirectRequest;
import dev.slipway.web.DirectRoute;

/// `POST /webhooks/github`: takes each delivery from its headers to its acknowledgement, and
/// answers 202 once it is on Kafka, or refuses it.
final class DeliveryIntake implements DirectRoute {
  static final String PATH = "/webhooks/github";

  private final Admission admission;
  private final SigningSecrets secrets;
  private final ByteBudget budget;
  private final BodyPace pace;
  private final DeliveryJudge judge;
  private final DeliveryMetrics metrics;

  DeliveryIntake(
      Admission admission,
      SigningSecrets secrets,
      ByteBudget budget,
      BodyPace pace,
      DeliveryJudge judge,
      DeliveryMetrics metrics) {
    this.admission = admission;
    this.secrets = secrets;
    this.budget = budget;
    this.pace = pace;
    this.judge = judge;
    this.metrics = metrics;
  }

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public Body open(DirectRequest request) {
    RequestHead head;
    ByteBudget.Lease room;
    try {
      head = admission.admit(request);
      room = budget.open(Math.max(0, head.declaredBytes())).orElseThrow(Refusals::noRoom);
    } catch (ApiException refusal) {
      return drop(request, refusal);
    }
    if (request.awaitsLeave()) {
      request.giveLeave();
    }
    SigningSecrets.Check check = secrets.check();
    return new Reception(
        this,
        request,
        BodyReceiver.keeping(head, room, check),
        (body, verdict) ->
            judge.judge(
                new DeliveryJudge.Case(head, request.headers(), check, request.traceparent()),
                body,
                request.eventLoop(),
                verdict),
        room::close);
  }

  private Body drop(DirectRequest request, ApiException refusal) {
    var dropped =
        new Reception(
            this,
            request,
            BodyReceiver.dropping(refusal),
            (_, verdict) -> verdict.refused(refusal),
            () -> {});
    if (request.awaitsLeave()) {
      dropped.end(); // it waits for leave to send its body, and does not get it
    }
    return dropped;
  }

  /// Cuts a body off that comes too slowly.
  ///
  /// @param cut called when it does, on another thread
  BodyPace.Watched watch(BodyReceiver receiver, Runnable cut) {
    return pace.watch(receiver, cut);
  }

  /// Answers a request that is refused.
  void refuse(DirectRequest request, RuntimeException reason) {
    RuntimeException told =
        reason instanceof ApiException refusal ? admission.refused(request, refusal) : reason;
    if (told instanceof ApiException refusal) {
      metrics.refused(refusal.code().value());
    }
    request.fail(told);
  }

  /// The client went amid its body: nobody is there to be answered.
  void disconnected() {
    metrics.refused("disconnected");
  }
}
