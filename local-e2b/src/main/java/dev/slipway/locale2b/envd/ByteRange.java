package dev.slipway.locale2b.envd;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The part of a file that a request asks for (RFC 9110 §14).
///
/// @param first its offset
/// @param length at least 1
record ByteRange(long first, long length) {
  private static final Pattern ONE = Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*");

  /// A range that no byte of the file is in.
  static final class UnsatisfiableException extends RuntimeException {
    UnsatisfiableException() {
      super("no such range", null, false, false);
    }
  }

  /// The range of a header; empty for the whole file, which is also the answer to several ranges
  /// and to what is no range.
  ///
  /// @throws UnsatisfiableException for one beyond the end
  static Optional<ByteRange> of(Optional<String> header, long size) {
    Matcher matcher = ONE.matcher(header.orElse(""));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String from = matcher.group(1);
    String to = matcher.group(2);
    if (from.isEmpty()) {
      return to.isEmpty() ? Optional.empty() : Optional.of(last(Long.parseLong(to), size));
    }
    long first = Long.parseLong(from);
    long last = to.isEmpty() ? size - 1 : Math.min(Long.parseLong(to), size - 1);
    if (!to.isEmpty() && Long.parseLong(to) < first) {
      return Optional.empty();
    }
    if (first >= size) {
      throw new UnsatisfiableException();
    }
    return Optional.of(new ByteRange(first, last - first + 1));
  }

  private static ByteRange last(long length, long size) {
    if (length == 0 || size == 0) {
      throw new UnsatisfiableException();
    }
    long first = Math.max(0, size - length);
    return new ByteRange(first, size - first);
  }

  /// As the answer says it.
  String contentRange(long size) {
    return "bytes %d-%d/%d".formatted(first, first + length - 1, size);
  }
}
