package dev.slipway.sandbox.e2b;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/// The envelopes of a stream of the Connect protocol: one byte of flags, four of length, the
/// payload; cut anywhere on their way.
final class Frames {
  private static final int HEADER = 5;
  private static final int COMPRESSED = 1;
  private static final int END_OF_STREAM = 2;

  private final InputStream in;
  private final int largest;

  /// @param largest payload, in bytes
  Frames(InputStream in, int largest) {
    this.in = in;
    this.largest = largest;
  }

  /// One envelope.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Frame(boolean isLast, byte[] payload) {}

  /// @return empty when the stream ends between two frames, which it must not before a last one
  /// @throws UnreadableAnswerException what comes is no frame, or too large
  Optional<Frame> next() throws IOException {
    byte[] header = in.readNBytes(HEADER);
    if (header.length == 0) {
      return Optional.empty();
    }
    if (header.length < HEADER) {
      throw new EOFException("within the header of a frame");
    }
    long length = Integer.toUnsignedLong(ByteBuffer.wrap(header, 1, 4).getInt());
    if ((header[0] & COMPRESSED) != 0) {
      throw new UnreadableAnswerException("is compressed, which was not asked for");
    }
    if (length > largest) {
      throw new UnreadableAnswerException(
          "has an event of %d bytes, more than slipway.e2b.frame-size".formatted(length));
    }
    byte[] payload = in.readNBytes((int) length);
    if (payload.length < length) {
      throw new EOFException("within a frame");
    }
    return Optional.of(new Frame((header[0] & END_OF_STREAM) != 0, payload));
  }

  /// A message as the one envelope of a request.
  static byte[] envelope(byte[] payload) {
    return ByteBuffer.allocate(HEADER + payload.length)
        .put((byte) 0)
        .putInt(payload.length)
        .put(payload)
        .array();
  }
}
