package dev.slipway.pr.task;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Something that happened to a task or to its pull request, or that the task asked for.
///
/// @param type of the event, the command or the delivery; kind of the operation
/// @param summary for people
/// @param deliveryId the webhook that it is or follows from; null when it is none
/// @param eventId id of the event's or the command's record, or of the operation; null for a
///   delivery that nothing came of
/// @param causeId the record, request, deadline or outcome that it follows from; null likewise
/// @param topic where the record stands that it follows from; of a command the topic that it is
///   sent by
record StoryItem(
    Instant at,
    String type,
    String summary,
    @Nullable String actor,
    @Nullable UUID deliveryId,
    @Nullable UUID eventId,
    @Nullable UUID causeId,
    @Nullable String topic,
    @Nullable Integer partition,
    @Nullable Long offset) {
  /// By which others name it as their cause.
  @Nullable UUID id() {
    return eventId == null ? deliveryId : eventId;
  }
}
