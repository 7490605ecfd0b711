package dev.slipway.sandbox.command;

import dev.slipway.sandbox.provider.ProcessEvent.Channel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The last lines of what a command prints, for people: both streams as they come, a line where it
/// ends. Used by one thread.
final class Tail {
  static final int MOST_LINES = 20;
  static final int MOST_BYTES = 4_096;

  private static final char UNREADABLE = '\uFFFD';

  // CONFINED: to the thread that uses it
  private final Deque<byte[]> lines = new ArrayDeque<>();
  private final Map<Channel, byte[]> begun = new EnumMap<>(Channel.class);
  private long seenLines;
  private long seenBytes;

  /// Takes what comes next, as it may be shown.
  void add(Channel channel, byte[] bytes) {
    seenBytes += bytes.length;
    // what stands before that is not shown, however it is cut into lines
    int from = Math.max(0, bytes.length - MOST_BYTES);
    byte[] before = from > 0 ? new byte[0] : begun.getOrDefault(channel, new byte[0]);
    for (int at = from; at < bytes.length; at++) {
      if (bytes[at] == '\n') {
        lines.add(end(before, bytes, from, at));
        seenLines++;
        before = new byte[0];
        from = at + 1;
      }
    }
    begun.put(channel, end(before, bytes, from, bytes.length));
    while (lines.size() > MOST_LINES) {
      lines.remove();
    }
  }

  /// Whether what came before would not be shown.
  boolean isFull() {
    return seenLines > MOST_LINES || seenBytes > 2 * MOST_BYTES;
  }

  private static byte[] end(byte[] before, byte[] bytes, int from, int to) {
    var line = new ByteArrayOutputStream();
    line.writeBytes(before);
    line.write(bytes, from, to - from);
    byte[] all = line.toByteArray();
    return Arrays.copyOfRange(all, Math.max(0, all.length - MOST_BYTES), all.length);
  }

  /// At most so many lines and bytes of UTF-8, without the line feed at the end.
  ///
  /// @return null when nothing was printed
  @Nullable String text() {
    List<byte[]> all = new ArrayList<>(lines);
    begun.values().stream().filter(line -> line.length > 0).forEach(all::add);
    if (all.isEmpty()) {
      return null;
    }
    var text = new StringBuilder();
    for (byte[] line : all.subList(Math.max(0, all.size() - MOST_LINES), all.size())) {
      text.append(new String(line, StandardCharsets.UTF_8)).append('\n');
    }
    text.setLength(text.length() - 1);
    return cut(text.toString().replace('\0', UNREADABLE));
  }

  private static String cut(String text) {
    int from = text.length();
    int left = MOST_BYTES;
    while (from > 0) {
      int character = text.codePointBefore(from);
      left -= Character.toString(character).getBytes(StandardCharsets.UTF_8).length;
      if (left < 0) {
        break;
      }
      from -= Character.charCount(character);
    }
    return text.substring(from);
  }
}
