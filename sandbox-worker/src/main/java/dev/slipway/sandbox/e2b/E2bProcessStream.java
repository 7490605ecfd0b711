package dev.slipway.sandbox.e2b;

import dev.slipway.sandbox.provider.ProcessEvent;
import dev.slipway.sandbox.provider.ProcessStream;
import java.util.Optional;

/// A process of envd, from its start event on.
final class E2bProcessStream implements ProcessStream {
  private final ProcessFrames frames;
  private final long pid;

  // CONFINED: to the reading thread
  private boolean hasEnded;

  private E2bProcessStream(ProcessFrames frames, long pid) {
    this.frames = frames;
    this.pid = pid;
  }

  /// Waits for the start event.
  static E2bProcessStream begin(ProcessFrames frames) {
    boolean hasBegun = false;
    try {
      var stream = new E2bProcessStream(frames, frames.started());
      hasBegun = true;
      return stream;
    } finally {
      if (!hasBegun) {
        frames.close();
      }
    }
  }

  @Override
  public long pid() {
    return pid;
  }

  @Override
  public Optional<ProcessEvent> next() {
    while (!hasEnded) {
      Optional<ProcessEvent> event;
      try {
        event = EnvdJson.event(frames.next());
      } catch (UnreadableAnswerException e) {
        throw frames.unreadable(e.why());
      }
      if (event.isPresent()) {
        if (event.get() instanceof ProcessEvent.Ended) {
          hasEnded = true;
          close();
        }
        return event;
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    frames.close();
  }
}
