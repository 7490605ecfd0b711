package dev.slipway.locale2b.box;

/// How a program ended.
public sealed interface BoxExit {
  /// It ended by itself.
  record Code(int value) implements BoxExit {}

  /// A signal ended it.
  record Signal(int number) implements BoxExit {}

  /// Its box ended before it did, or with it.
  record Lost() implements BoxExit {}
}
