package dev.slipway.pr.delivery;

import dev.slipway.pr.delivery.DeliveryEvent.Judged;
import dev.slipway.pr.pullrequest.Repository;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/// What is known of a repository, and the deliveries that told of it, as far as they were loaded.
record DeliveryState(PMap<DeliveryId, Recorded> deliveries, Repository repository) {
  static final DeliveryState UNKNOWN = new DeliveryState(HashTreePMap.empty(), Repository.UNKNOWN);

  DeliveryState with(Recorded recorded) {
    return new DeliveryState(deliveries.plus(recorded.webhook().id(), recorded), repository);
  }

  /// A delivery that was seen and judged.
  ///
  /// @param pullRequest number of the pull request that it changed; null when it changed none
  /// @param eventIds ids of the published events that came of it
  record Recorded(
      Webhook webhook, Verdict verdict, @Nullable Long pullRequest, List<UUID> eventIds) {
    Recorded {
      eventIds = List.copyOf(eventIds);
    }

    /// Whether judging it came to that already.
    boolean is(Judged judged) {
      return judged.equals(new Judged(webhook, verdict, pullRequest));
    }

    Recorded with(UUID eventId) {
      return new Recorded(
          webhook,
          verdict,
          pullRequest,
          Stream.concat(eventIds.stream(), Stream.of(eventId)).toList());
    }
  }
}
