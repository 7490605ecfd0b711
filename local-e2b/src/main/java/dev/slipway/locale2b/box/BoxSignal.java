package dev.slipway.locale2b.box;

/// The signals that can be sent, with the numbers that Linux has for them on every architecture
/// that Java runs on.
public enum BoxSignal {
  INT(2),
  KILL(9),
  TERM(15);

  private final int number;

  BoxSignal(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }
}
