package dev.slipway.sandbox.command;

import dev.slipway.sandbox.provider.ProcessEvent.Channel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What of a command's output goes to whoever watches: at most ten parts a second of 64 KiB each.
/// Of what does not fit the newest is kept, and the rest is counted. Used by one thread.
final class LiveOutput {
  static final int MOST_BYTES = 64 * 1_024;
  static final long PAUSE_NANOS = 100_000_000;

  // CONFINED: to the thread that uses it
  private final Map<Channel, Waiting> waiting = new EnumMap<>(Channel.class);
  private long nextNanos;
  private Channel shownLast = Channel.STDERR;

  /// @param now by the clock of [System#nanoTime]
  LiveOutput(long now) {
    this.nextNanos = now;
  }

  /// One part to be shown.
  ///
  /// @param offset of its first byte
  /// @param skippedBytes left out before it
  @SuppressWarnings("ArrayRecordComponent") // never compared as a record
  record Part(Channel channel, long offset, long skippedBytes, byte[] bytes) {
    long end() {
      return offset + bytes.length;
    }
  }

  private static final class Waiting {
    private long offset;
    private long skipped;
    private byte[] bytes = {};
  }

  /// Published bytes are to be shown.
  void add(Channel channel, long offset, byte[] bytes) {
    Waiting one = waiting.computeIfAbsent(channel, _ -> new Waiting());
    if (one.bytes.length == 0) {
      one.offset = offset;
    }
    byte[] all = Arrays.copyOf(one.bytes, one.bytes.length + bytes.length);
    System.arraycopy(bytes, 0, all, one.bytes.length, bytes.length);
    int over = Math.max(0, all.length - MOST_BYTES);
    one.skipped += over;
    one.offset += over;
    one.bytes = over == 0 ? all : Arrays.copyOfRange(all, over, all.length);
  }

  /// How long until something may be shown; negative when nothing waits.
  long patienceNanos(long now) {
    boolean isAny = waiting.values().stream().anyMatch(one -> one.bytes.length > 0);
    return isAny ? Math.max(0, nextNanos - now) : -1;
  }

  /// What is shown now.
  ///
  /// @param last whether nothing comes after it: all of it then
  List<Part> take(long now, boolean last) {
    var parts = new ArrayList<Part>();
    // the one that was shown last comes last, so that none waits for ever
    for (Channel channel : List.of(other(shownLast), shownLast)) {
      Waiting one = waiting.computeIfAbsent(channel, _ -> new Waiting());
      int size = last ? one.bytes.length : one.bytes.length - Utf8.incomplete(one.bytes);
      if (size > 0 && (last || now - nextNanos >= 0)) {
        parts.add(new Part(channel, one.offset, one.skipped, Arrays.copyOf(one.bytes, size)));
        one.bytes = Arrays.copyOfRange(one.bytes, size, one.bytes.length);
        one.offset += size;
        one.skipped = 0;
        shownLast = channel;
        nextNanos = Math.max(now, nextNanos) + PAUSE_NANOS;
      }
    }
    return parts;
  }

  private static Channel other(Channel channel) {
    return channel == Channel.STDOUT ? Channel.STDERR : Channel.STDOUT;
  }

  /// Parts that were taken were not shown after all.
  void leftOut(List<Part> parts) {
    for (Part part : parts) {
      Waiting one = waiting.computeIfAbsent(part.channel(), _ -> new Waiting());
      one.skipped += part.skippedBytes() + part.bytes().length;
    }
  }
}
