package dev.slipway.locale2b.box;

/// How large a terminal is, in characters.
public record TerminalSize(int rows, int columns) {
  private static final int LARGEST = 65_535;

  public TerminalSize {
    if (rows < 1 || columns < 1 || rows > LARGEST || columns > LARGEST) {
      throw new IllegalArgumentException("a terminal has 1 to 65535 rows and columns");
    }
  }
}
