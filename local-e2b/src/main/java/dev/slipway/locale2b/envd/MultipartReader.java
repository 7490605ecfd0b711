package dev.slipway.locale2b.envd;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads the parts of a `multipart/form-data` body one after the other (RFC 7578), keeping no more
/// than a buffer of it. One thread uses it.
final class MultipartReader {
  private static final int BUFFER = 64 << 10;
  private static final int HEADER_BYTES = 16 << 10;

  private final InputStream in;
  private final byte[] delimiter;
  private final byte[] buffer = new byte[BUFFER];

  // CONFINED: to the one thread
  private int start;

  private int end;
  private boolean inPart;

  /// @param boundary as the content type has it
  MultipartReader(InputStream in, String boundary) {
    this.in = in;
    delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.UTF_8);
    // the first delimiter may lack its line feed: it is put in front of the body
    buffer[0] = '\r';
    buffer[1] = '\n';
    end = 2;
    inPart = true;
  }

  /// A part.
  ///
  /// @param name of the field
  /// @param filename empty when it has none
  /// @param content to be read before the next part is asked for
  record Part(String name, Optional<String> filename, InputStream content) {}

  /// The next part, after the rest of the current one is skipped.
  Optional<Part> next() throws IOException {
    byte[] skipped = new byte[8_192];
    while (inPart) {
      if (read(skipped, 0, skipped.length) < 0) {
        inPart = false;
      }
    }
    String ending = line();
    if (ending.startsWith("--")) {
      return Optional.empty();
    }
    Map<String, String> headers = new LinkedHashMap<>();
    int bytes = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      bytes += line.length();
      if (bytes > HEADER_BYTES) {
        throw new IOException("the headers of a part are too long");
      }
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
            line.substring(colon + 1).strip());
      }
    }
    inPart = true;
    String disposition = headers.getOrDefault("content-disposition", "");
    return Optional.of(
        new Part(
            FormParameters.find(disposition, "name").orElse(""),
            FormParameters.find(disposition, "filename"),
            new Content()));
  }

  /// A line without its end, as UTF-8: file names are written raw.
  private String line() throws IOException {
    int from = start;
    while (true) {
      for (int i = from; i + 1 < end; i++) {
        if (buffer[i] == '\r' && buffer[i + 1] == '\n') {
          String line = new String(buffer, start, i - start, StandardCharsets.UTF_8);
          start = i + 2;
          return line;
        }
      }
      from = Math.max(start, end - 1);
      if (end - start > HEADER_BYTES) {
        throw new IOException("the headers of a part are too long");
      }
      int moved = start;
      if (!fill()) {
        // the last line of all may lack its end
        if (end - start >= 2 && buffer[start] == '-' && buffer[start + 1] == '-') {
          start = end;
          return "--";
        }
        throw new EOFException("the body ends within a part");
      }
      from -= moved - start;
    }
  }

  /// Reads more, moving what there is to the front when there is no room behind it.
  private boolean fill() throws IOException {
    if (end == buffer.length) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    int read = in.read(buffer, end, buffer.length - end);
    if (read < 0) {
      return false;
    }
    end += read;
    return true;
  }

  /// Content of the part; -1 at its end, where its delimiter has been passed.
  private int read(byte[] into, int offset, int length) throws IOException {
    if (!inPart) {
      return -1;
    }
    while (true) {
      int at = indexOfDelimiter();
      if (at == start && end - start >= delimiter.length) {
        start += delimiter.length;
        inPart = false;
        return -1;
      }
      if (at > start) {
        int taken = Math.min(length, at - start);
        System.arraycopy(buffer, start, into, offset, taken);
        start += taken;
        return taken;
      }
      if (!fill()) {
        throw new EOFException("the body ends within a part");
      }
    }
  }

  /// Where the delimiter begins in the buffer, or might: what is before it is content.
  private int indexOfDelimiter() {
    for (int i = start; i < end; i++) {
      int compared = Math.min(delimiter.length, end - i);
      if (Arrays.equals(buffer, i, i + compared, delimiter, 0, compared)) {
        return i;
      }
    }
    return end;
  }

  private final class Content extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return length == 0 ? 0 : MultipartReader.this.read(into, offset, length);
    }
  }
}
