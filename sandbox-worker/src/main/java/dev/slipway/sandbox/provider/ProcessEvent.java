package dev.slipway.sandbox.provider;

/// What a process does that is seen from outside.
public sealed interface ProcessEvent {
  /// It printed something.
  ///
  /// @param bytes not empty, cut anywhere, also within a character; not copied, and not to be
  ///   changed
  @SuppressWarnings("ArrayRecordComponent") // the hot path of all output: no copies, no equality
  record Output(Channel channel, byte[] bytes) implements ProcessEvent {
    @Override
    public String toString() {
      return "Output[%s, %d bytes]".formatted(channel, bytes.length);
    }
  }

  /// It ended, and its output with it.
  record Ended(ProcessExit exit) implements ProcessEvent {}

  /// Which of the two outputs. There is no order between them.
  enum Channel {
    STDOUT,
    STDERR
  }
}
