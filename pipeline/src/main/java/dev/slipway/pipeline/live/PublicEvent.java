package dev.slipway.pipeline.live;

import dev.slipway.schemas.context.Context;
import java.util.List;

/// What the public sees of an event.
///
/// @param context whom it belongs to
/// @param topics Mercure topics that it is published on
/// @param type such as `pull_request.merged`
/// @param json all of it, on one line, in UTF-8
@SuppressWarnings("ArrayRecordComponent") // never compared, and a copy would cost
public record PublicEvent(Context context, List<String> topics, String type, byte[] json) {
  public PublicEvent {
    topics = List.copyOf(topics);
  }
}
