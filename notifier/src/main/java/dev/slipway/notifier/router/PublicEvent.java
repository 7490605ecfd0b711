package dev.slipway.notifier.router;

import dev.slipway.schemas.context.Context;
import java.util.List;

/// What the public sees of an event.
///
/// @param context whom it belongs to
/// @param topics Mercure topics that it is published on
/// @param type such as `pull_request.merged`
/// @param json all of it, on one line, in UTF-8
@SuppressWarnings("ArrayRecordComponent") // never compared, and a copy would cost
record PublicEvent(Context context, List<String> topics, String type, byte[] json) {
  PublicEvent {
    topics = List.copyOf(topics);
  }
}
