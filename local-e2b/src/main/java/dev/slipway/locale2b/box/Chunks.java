package dev.slipway.locale2b.box;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Carries one chunked body (RFC 9112 §7.1) and not a byte of what comes after it. Extensions and
/// trailers are left out.
record Chunks(InputStream from, OutputStream to) {
  private static final int LARGEST_LINE_BYTES = 8 * 1024;
  private static final int MOST_TRAILERS = 64;
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final Pattern SIZE = Pattern.compile("([0-9A-Fa-f]{1,15})[ \t]*(;.*)?");

  /// @param moved called whenever something was carried
  void copy(Runnable moved) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long size = size();
    while (size > 0) {
      write(Long.toHexString(size) + "\r\n");
      for (long left = size; left > 0; ) {
        int read = from.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          throw new EOFException("a chunk was cut off");
        }
        to.write(buffer, 0, read);
        moved.run();
        left -= read;
      }
      if (!line().isEmpty()) {
        throw new IOException("a chunk is longer than it says");
      }
      write("\r\n");
      size = size();
    }
    for (int i = 0; i < MOST_TRAILERS && !line().isEmpty(); i++) {
      moved.run();
    }
    write("0\r\n\r\n");
  }

  private long size() throws IOException {
    Matcher size = SIZE.matcher(line());
    if (!size.matches()) {
      throw new IOException("a chunk has no size");
    }
    return Long.parseLong(size.group(1), 16);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = from.read(); next != '\n'; next = from.read()) {
      if (next < 0 || line.length() == LARGEST_LINE_BYTES) {
        throw new EOFException("a line of a chunked body was cut off");
      }
      line.append((char) next);
    }
    return line.toString().stripTrailing();
  }

  private void write(String text) throws IOException {
    to.write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
