package dev.slipway.pr.delivery;

import dev.slipway.pr.delivery.DeliveryState.Recorded;
import dev.slipway.pr.delivery.Verdict.Outcome;
import dev.slipway.pr.pullrequest.OwnerView;
import dev.slipway.web.ContextView;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A delivery as the API shows it.
///
/// @param eventIds ids of the events that came of it
/// @param pullRequest the pull request it changed; null when none
/// @param taskId the task whose pull request it is about; null when none
record DeliveryView(
    UUID deliveryId,
    String event,
    @Nullable String action,
    Repository repository,
    @Nullable Long number,
    @Nullable Long installationId,
    @Nullable Long hookId,
    @Nullable String sender,
    Instant receivedAt,
    String contentType,
    int bodyBytes,
    String bodySha256,
    Position position,
    Outcome outcome,
    @Nullable String reason,
    List<UUID> eventIds,
    @Nullable PullRequest pullRequest,
    @Nullable UUID taskId,
    ContextView context) {

  static DeliveryView of(DeliveryQueries.Row found) {
    Recorded row = found.delivery();
    Webhook webhook = row.webhook();
    ContextView context = OwnerView.of(webhook.tenant(), found.owner());
    return new DeliveryView(
        webhook.id().value(),
        webhook.about().event(),
        webhook.about().action(),
        new Repository(webhook.about().repository().id(), webhook.about().repository().fullName()),
        webhook.about().number(),
        webhook.origin().installationId(),
        webhook.origin().hookId(),
        webhook.about().sender(),
        webhook.origin().receivedAt(),
        webhook.body().contentType(),
        webhook.body().sizeBytes(),
        webhook.body().sha256(),
        new Position(
            webhook.position().topic(),
            webhook.position().partition(),
            webhook.position().offset()),
        row.verdict().outcome(),
        row.verdict().reason(),
        row.eventIds(),
        row.pullRequest() == null
            ? null
            : new PullRequest(webhook.about().repository().idOrZero(), row.pullRequest()),
        context.taskId(),
        context);
  }

  record Repository(@Nullable Long id, @Nullable String fullName) {}

  record Position(String topic, int partition, long offset) {}

  record PullRequest(long repositoryId, long number) {}

  /// A page of deliveries.
  ///
  /// @param nextCursor null on the last page
  record Page(List<DeliveryView> items, @Nullable String nextCursor) {}
}
