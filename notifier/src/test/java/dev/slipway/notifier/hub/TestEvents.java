package dev.slipway.notifier.hub;

import dev.slipway.pipeline.live.Cursor;
import dev.slipway.pipeline.live.LogPosition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/// Events as they come out of the log.
final class TestEvents {
  static final UUID TOPIC = UUID.fromString("0190b2a0-0000-4000-8000-00000000002a");

  private TestEvents() {}

  static LiveEvent event(long offset, String... topics) {
    return event("acme", offset, "{\"n\":" + offset + "}", topics);
  }

  static LiveEvent event(String tenant, long offset, String json, String... topics) {
    return event(LogPosition.at(offset + 1), tenant, json, topics);
  }

  /// One that was written under an epoch.
  static LiveEvent event(int epoch, long offset) {
    return event(new LogPosition(epoch, offset + 1), "acme", "{}");
  }

  private static LiveEvent event(LogPosition behind, String tenant, String json, String... topics) {
    Cursor place = Cursor.of(TOPIC, 0, behind, tenant);
    return LiveEvent.of(place, tenant, List.of(topics), json.getBytes(StandardCharsets.UTF_8));
  }

  static PartitionFeed feed(long start) {
    return new PartitionFeed(TOPIC, 0, LogPosition.at(start));
  }
}
