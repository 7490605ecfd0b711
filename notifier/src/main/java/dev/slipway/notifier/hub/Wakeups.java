package dev.slipway.notifier.hub;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// Streams that have something to send, gathered so that each of the few threads that send is woken
/// once for all of its streams. Used by one thread.
final class Wakeups {
  private final Map<Executor, List<LiveStream>> lanes = new HashMap<>();

  void add(LiveStream stream) {
    lanes.computeIfAbsent(stream.lane(), _ -> new ArrayList<>()).add(stream);
  }

  void flush() {
    lanes.forEach((lane, streams) -> {
      try {
        lane.execute(() -> streams.forEach(LiveStream::drain));
      } catch (RejectedExecutionException _) {
        // the server has stopped, and its clients are gone
      }
    });
    lanes.clear();
  }
}
