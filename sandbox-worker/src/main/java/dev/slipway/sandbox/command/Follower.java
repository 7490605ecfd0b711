package dev.slipway.sandbox.command;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.operation.Lease;
import dev.slipway.sandbox.command.CommandInSandbox.Seen;
import dev.slipway.sandbox.provider.ProcessEvent;
import dev.slipway.sandbox.provider.ProcessEvent.Channel;
import dev.slipway.sandbox.provider.ProcessStream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Follows one command to its end: reads what it prints from the files in its sandbox, and has it
/// published. A connection that breaks is made again from where the output is published.
final class Follower {
  private static final int BUFFER_BYTES = 512 * 1_024;
  private static final long NOTE_EVERY_NANOS = 1_000_000_000L;
  private static final long LOOK_NANOS = 5_000_000_000L;
  private static final int TRIES_WITHOUT_PROGRESS = 3;

  private final CommandInSandbox command;
  private final Lease<?> lease;
  private final Duration pause;

  // CONFINED: to the thread that follows
  private long stopAgain = System.nanoTime();
  private long noted = System.nanoTime();

  Follower(CommandInSandbox command, Lease<?> lease, Duration pause) {
    this.command = command;
    this.lease = lease;
    this.pause = pause;
  }

  /// Follows it.
  ///
  /// @return how it ended; null when nobody can tell
  /// @throws RetryableException when it cannot be published or followed now
  /// @throws InterruptedException when it is left to others
  @Nullable Exit follow(OutputTrack track) throws InterruptedException {
    int tries = 0;
    while (true) {
      Published before = track.published();
      boolean isWhole = read(track);
      switch (command.look()) {
        case Seen.Ended(Exit exit) -> {
          Published now = track.published();
          if (now.stdout() >= exit.stdoutBytes() && now.stderr() >= exit.stderrBytes()) {
            return exit;
          }
          tries = isFurther(before, now) || !isWhole ? 0 : tries + 1;
          if (tries >= TRIES_WITHOUT_PROGRESS) {
            return exit; // it has removed what it printed
          }
          if (!isWhole) {
            lease.await(pause);
          }
        }
        case Seen.Running _ -> lease.await(pause);
        case Seen.Lost _, Seen.None _, Seen.NoDirectory _ -> {
          return null;
        }
      }
    }
  }

  private static boolean isFurther(Published before, Published now) {
    return now.stdout() > before.stdout() || now.stderr() > before.stderr();
  }

  /// One connection.
  ///
  /// @return whether it came to its end, and did not break
  private boolean read(OutputTrack track) throws InterruptedException {
    var buffer = new OutputBuffer(BUFFER_BYTES);
    lease.onChange(buffer::nudge);
    track.restart();
    try (ProcessStream stream =
        command.follow(track.readFrom(Channel.STDOUT), track.readFrom(Channel.STDERR))) {
      Thread reader =
          Thread.ofVirtual()
              .name(Thread.currentThread().getName() + "-output")
              .start(() -> fill(buffer, stream));
      try {
        boolean isWhole = drain(buffer, track);
        track.settle();
        return isWhole;
      } finally {
        buffer.end(null);
        reader.interrupt();
      }
    }
  }

  private static void fill(OutputBuffer buffer, ProcessStream stream) {
    try {
      Optional<ProcessEvent> next = stream.next();
      while (next.isPresent()) {
        if (next.get() instanceof ProcessEvent.Output(var channel, byte[] bytes)) {
          buffer.put(channel, bytes);
        }
        next = stream.next();
      }
      buffer.end(null);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      buffer.end(e);
    }
  }

  private boolean drain(OutputBuffer buffer, OutputTrack track) throws InterruptedException {
    while (true) {
      react();
      long patience = track.patienceNanos();
      OutputBuffer.Taken taken = take(buffer, patience < 0 ? LOOK_NANOS : patience);
      if (taken == null) {
        return false;
      }
      track.publish(taken.bytes());
      if (buffer.isEmpty()) {
        track.settle(); // nobody may wait for the next output to hear that this was not published
      }
      note(track);
      if (taken.ended()) {
        return true;
      }
    }
  }

  private static OutputBuffer.@Nullable Taken take(OutputBuffer buffer, long patience)
      throws InterruptedException {
    try {
      return buffer.take(patience);
    } catch (RetryableException _) {
      return null;
    }
  }

  private void react() throws InterruptedException {
    if (lease.isDraining() || !lease.isHeld()) {
      throw new InterruptedException("left to others");
    }
    // more than once: it may not have been heard
    if (lease.isCancelled() && System.nanoTime() - stopAgain >= 0) {
      var _ = command.stop();
      stopAgain = System.nanoTime() + LOOK_NANOS;
    }
  }

  private void note(OutputTrack track) {
    if (System.nanoTime() - noted > NOTE_EVERY_NANOS) {
      noted = System.nanoTime();
      lease.note(track.published().json());
    }
  }
}
