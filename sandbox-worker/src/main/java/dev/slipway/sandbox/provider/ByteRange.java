package dev.slipway.sandbox.provider;

/// A part of a file.
///
/// @param offset of its first byte
/// @param length at most so many bytes, at least one
public record ByteRange(long offset, long length) {
  /// The whole file.
  public static final ByteRange ALL = new ByteRange(0, Long.MAX_VALUE);

  public ByteRange {
    if (offset < 0 || length < 1) {
      throw new IllegalArgumentException(
          "no range: offset %d, length %d".formatted(offset, length));
    }
  }

  /// All from a byte on.
  public static ByteRange from(long offset) {
    return new ByteRange(offset, Long.MAX_VALUE);
  }
}
