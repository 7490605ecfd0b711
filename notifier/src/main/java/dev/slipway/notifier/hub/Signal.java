package dev.slipway.notifier.hub;

import dev.slipway.pipeline.live.Cursor;
import java.util.List;

/// What a stream tells its client, in whatever form the transport gives it.
sealed interface Signal permits LiveEvent, Signal.Moved, Signal.Heartbeat, Signal.Reset {

  /// Everything below this place has been considered for the client.
  record Moved(Cursor cursor) implements Signal {}

  /// The stream lives.
  record Heartbeat() implements Signal {}

  /// The client may have missed events, because its cursor is of no use or because of a gap. The
  /// stream goes on live, or behind the gap.
  ///
  /// @param cursor where it goes on
  /// @param snapshot API paths to read again
  record Reset(ResetReason reason, Cursor cursor, List<String> snapshot) implements Signal {
    public Reset {
      snapshot = List.copyOf(snapshot);
    }
  }
}
