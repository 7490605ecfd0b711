package dev.slipway.sandbox.command;

import dev.slipway.sandbox.provider.ProcessEvent.Channel;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// How far a command's output is published, and where that stands: what a worker leaves for who
/// comes after him.
///
/// @param publisher transactional id of who publishes it
/// @param from offset in the topic before which there is none of it
/// @param at offset in the topic up to which these numbers have counted
/// @param stdout bytes of it
/// @param sequence of the last part; 0 for none
/// @param begun whether the command was begun for sure
/// @param ended whether its end is published too
record Published(
    String publisher,
    int partition,
    long from,
    long at,
    long stdout,
    long stderr,
    long sequence,
    boolean begun,
    boolean ended) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /// What an operation's note says.
  static @Nullable Published parse(@Nullable String note) {
    return note == null ? null : JSON.readValue(note, Published.class);
  }

  String json() {
    return JSON.writeValueAsString(this);
  }

  long of(Channel channel) {
    return channel == Channel.STDOUT ? stdout : stderr;
  }

  /// After a part.
  Published plus(Channel channel, long end, long newSequence) {
    boolean isStdout = channel == Channel.STDOUT;
    return new Published(
        publisher,
        partition,
        from,
        at,
        isStdout ? end : stdout,
        isStdout ? stderr : end,
        newSequence,
        begun,
        ended);
  }

  Published plusEnd(long newSequence) {
    return new Published(publisher, partition, from, at, stdout, stderr, newSequence, begun, true);
  }

  Published at(long offset) {
    return new Published(
        publisher, partition, from, Math.max(at, offset), stdout, stderr, sequence, begun, ended);
  }

  Published by(String nextPublisher) {
    return new Published(
        nextPublisher, partition, from, at, stdout, stderr, sequence, begun, ended);
  }

  Published withBegun() {
    return new Published(publisher, partition, from, at, stdout, stderr, sequence, true, ended);
  }
}
