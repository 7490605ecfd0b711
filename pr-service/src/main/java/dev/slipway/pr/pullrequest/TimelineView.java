package dev.slipway.pr.pullrequest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What happened to a pull request, a page of it.
///
/// @param nextCursor null on the last page
public record TimelineView(List<Item> items, @Nullable String nextCursor) {

  /// Something that happened to it.
  ///
  /// @param type of the published event, such as `pull_request.merged`; else event and action of
  ///   the webhook, such as `issue_comment.created`
  /// @param eventId of the published event; null when none came of it
  /// @param causeId what the event follows from; null when there is no event
  /// @param topic where the delivery stands
  public record Item(
      Instant at,
      String type,
      String summary,
      @Nullable String actor,
      @Nullable UUID deliveryId,
      @Nullable UUID eventId,
      @Nullable UUID causeId,
      @Nullable String topic,
      @Nullable Integer partition,
      @Nullable Long offset,
      @JsonIgnore TimelineCursor cursor) {

    static Item of(
        Instant at,
        String type,
        @Nullable String actor,
        @Nullable UUID deliveryId,
        @Nullable UUID eventId,
        @Nullable UUID causeId,
        Place place,
        TimelineCursor cursor) {
      String what = type.replace('.', ' ').replace('_', ' ');
      return new Item(
          at,
          type,
          actor == null ? what : what + " by " + actor,
          actor,
          deliveryId,
          eventId,
          causeId,
          place.topic(),
          place.partition(),
          place.offset(),
          cursor);
    }
  }

  /// Where a delivery stands; nothing for what was read from the API.
  record Place(@Nullable String topic, @Nullable Integer partition, @Nullable Long offset) {}
}
