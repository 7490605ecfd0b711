package dev.slipway.notifier.hub;

import dev.slipway.pipeline.live.Cursor;
import dev.slipway.pipeline.live.LogPosition;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// One event, encoded once for all who get it: whoever sends it writes the same bytes.
final class LiveEvent implements Signal {
  /// What an event takes in memory besides its bytes, roughly.
  private static final int OVERHEAD_BYTES = 256;

  private final LogPosition behind;
  private final String tenant;
  private final List<String> topics;
  private final byte[] frame;
  private final boolean gap;

  private LiveEvent(
      LogPosition behind, String tenant, List<String> topics, byte[] frame, boolean gap) {
    this.behind = behind;
    this.tenant = tenant;
    this.topics = List.copyOf(topics);
    this.frame = frame;
    this.gap = gap;
  }

  /// What stands for events that are missing, of whomever: for every stream of its partition.
  ///
  /// @param behind right behind its record
  static LiveEvent gap(LogPosition behind) {
    return new LiveEvent(behind, "", List.of(), new byte[0], true);
  }

  /// @param place the cursor of a client that has got this event, which stands right before it
  /// @param topics that it is published on
  /// @param json one line of UTF-8; not kept
  static LiveEvent of(Cursor place, String tenant, List<String> topics, byte[] json) {
    byte[] head = ("id: " + place.text() + "\ndata: ").getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[head.length + json.length + 2];
    System.arraycopy(head, 0, frame, 0, head.length);
    for (int i = 0; i < json.length; i++) {
      byte b = json[i];
      // Outside of strings a line break means nothing, and inside JSON has none: a blank does not
      // change the value, a line break would end the field.
      frame[head.length + i] = b == '\n' || b == '\r' ? (byte) ' ' : b;
    }
    frame[frame.length - 2] = '\n';
    frame[frame.length - 1] = '\n';
    return new LiveEvent(place.position(), tenant, topics, frame, false);
  }

  /// Whether it is no event: some are missing before it.
  boolean isGap() {
    return gap;
  }

  /// Of its record.
  long offset() {
    return behind.offset() - 1;
  }

  /// Right behind its record.
  LogPosition behind() {
    return behind;
  }

  String tenant() {
    return tenant;
  }

  List<String> topics() {
    return topics;
  }

  /// As a server-sent event. Shared by all: never written to.
  byte[] frame() {
    return frame;
  }

  /// What it takes in memory, in bytes.
  int sizeBytes() {
    return frame.length + OVERHEAD_BYTES;
  }
}
