package dev.slipway.localgithub.git;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/// Git's framing: a length in four hex digits, itself included, and the bytes; `0000` is a flush.
final class PktLines {
  private static final int HEAD = 4;

  private PktLines() {}

  /// The next packet's bytes; empty for a flush.
  ///
  /// @throws EOFException when there is none
  /// @throws ProtocolException when it is none of git's
  static Optional<byte[]> read(InputStream in) throws IOException {
    byte[] head = in.readNBytes(HEAD);
    if (head.length < HEAD) {
      throw new EOFException("the stream ends before a flush");
    }
    int length;
    try {
      length = HexFormat.fromHexDigits(new String(head, StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException _) {
      throw new ProtocolException("no packet line");
    }
    if (length == 0) {
      return Optional.empty();
    }
    if (length < HEAD) {
      throw new ProtocolException("a packet line of " + length + " bytes");
    }
    byte[] bytes = in.readNBytes(length - HEAD);
    if (bytes.length < length - HEAD) {
      throw new EOFException("the stream ends in a packet line");
    }
    return Optional.of(bytes);
  }

  static void write(ByteArrayOutputStream out, byte[] bytes) {
    out.writeBytes("%04x".formatted(bytes.length + HEAD).getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(bytes);
  }

  static void write(ByteArrayOutputStream out, String text) {
    write(out, text.getBytes(StandardCharsets.UTF_8));
  }

  static void flush(ByteArrayOutputStream out) {
    out.writeBytes("0000".getBytes(StandardCharsets.US_ASCII));
  }
}
