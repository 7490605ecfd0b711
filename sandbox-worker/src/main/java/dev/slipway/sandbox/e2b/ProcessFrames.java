package dev.slipway.sandbox.e2b;

import dev.slipway.sandbox.e2b.Frames.Frame;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The messages of a stream of events, and how it ends.
final class ProcessFrames {
  private final WatchedStream body;
  private final Frames frames;
  private final StreamFailures failures;

  // CONFINED: set once, by whoever closes
  private volatile boolean isClosed;

  ProcessFrames(WatchedStream body, int largest, StreamFailures failures) {
    this.body = body;
    this.frames = new Frames(body, largest);
    this.failures = failures;
  }

  /// Waits for the next message.
  ///
  /// @throws RuntimeException a provider failure when the stream breaks or ends, in whatever way:
  ///   who reads knows which message is the last one
  JsonNode next() {
    try {
      Optional<Frame> frame = frames.next();
      if (frame.isEmpty()) {
        throw new EOFException("the stream ends without saying so");
      }
      JsonNode message = EnvdJson.read(frame.get().payload());
      if (!frame.get().isLast()) {
        return message;
      }
      JsonNode error = message.path("error");
      throw error.isObject()
          ? failures.ended(Complaint.of(error))
          : failures.unreadable("ends before the process");
    } catch (IOException e) {
      throw isClosed ? failures.stopped("the stream was closed") : failures.broken(e);
    } catch (UnreadableAnswerException e) {
      throw failures.unreadable(e.why());
    }
  }

  /// The id that the first message tells.
  long started() {
    JsonNode message = next();
    // A sign of life may overtake it.
    while (message.path("event").path("keepalive").isObject()) {
      message = next();
    }
    return EnvdJson.started(message)
        .filter(pid -> pid > 0)
        .orElseThrow(() -> failures.unreadable("does not begin with the start of a process"));
  }

  RuntimeException unreadable(String why) {
    return failures.unreadable(why);
  }

  void close() {
    isClosed = true;
    body.close();
  }
}
