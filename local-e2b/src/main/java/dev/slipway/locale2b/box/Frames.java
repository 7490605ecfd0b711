package dev.slipway.locale2b.box;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// How a box's first process is spoken with: four bytes of length, then fields parted by NUL. What
/// comes from there is believed no more than a stranger.
final class Frames {
  private static final int LARGEST_ANSWER_BYTES = 64 * 1024;

  private Frames() {}

  static void write(OutputStream out, List<String> fields) throws IOException {
    byte[] payload = String.join("\0", fields).getBytes(StandardCharsets.UTF_8);
    out.write(
        ByteBuffer.allocate(Integer.BYTES + payload.length)
            .putInt(payload.length)
            .put(payload)
            .array());
    out.flush();
  }

  /// The next frame, or nothing at the end.
  static Optional<List<String>> read(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int length;
    try {
      length = data.readInt();
    } catch (EOFException _) {
      return Optional.empty();
    }
    if (length < 0 || length > LARGEST_ANSWER_BYTES) {
      throw new IOException("a frame of " + length + " bytes");
    }
    byte[] payload = data.readNBytes(length);
    if (payload.length < length) {
      return Optional.empty();
    }
    return Optional.of(List.of(new String(payload, StandardCharsets.UTF_8).split("\0", -1)));
  }
}
