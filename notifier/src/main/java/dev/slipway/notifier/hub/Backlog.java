package dev.slipway.notifier.hub;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.slipway.pipeline.live.LogPosition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one stream has been offered and its client has not taken yet, and how far that is in the
/// log. Many threads put in, one takes out.
///
/// An event of the log that stands before the position, and was written under a later leader than
/// what the client has seen up to there, tells that the log was cut in between and has grown again:
/// the stream ends before it passes over it.
final class Backlog {
  /// After how many heartbeats during which a client took nothing it is stalled.
  private static final int STALLED_BEATS = 2;

  private final Subscription subscription;

  @GuardedBy("this")
  private final EventQueue queue;

  @GuardedBy("this")
  private LogPosition position;

  @GuardedBy("this")
  private boolean live;

  @GuardedBy("this")
  private boolean fetching;

  @GuardedBy("this")
  private boolean tookSome;

  @GuardedBy("this")
  private int beatsWithoutProgress;

  @GuardedBy("this")
  private @Nullable EndReason end;

  /// @param position the first to be offered
  Backlog(Subscription subscription, EventQueue queue, LogPosition position) {
    this.subscription = subscription;
    this.queue = queue;
    this.position = position;
  }

  /// Takes an event of the present that the subscription asks for. Too many end the stream.
  ///
  /// @return whether there is something to do for who takes out
  synchronized boolean publish(LiveEvent event) {
    if (end != null) {
      return false;
    }
    if (event.offset() < position.offset()) {
      check(event); // before where it began, or asked for by another of its topics
      return end != null;
    }
    position = event.behind();
    if (!queue.add(event)) {
      end(EndReason.SLOW);
    }
    return true;
  }

  /// Takes an event of the past, if the subscription asks for it.
  ///
  /// @return false when it is enough for now: the event will be offered again
  synchronized boolean take(LiveEvent event) {
    if (event.offset() < position.offset()) {
      check(event);
      return true;
    }
    if (end != null) {
      return false;
    }
    if (subscription.matches(event)) {
      if (!queue.hasPlenty()) {
        return false;
      }
      queue.put(event);
    }
    position = event.behind();
    return true;
  }

  /// Looks at an event that stands before the position.
  synchronized void check(LiveEvent event) {
    if (event.behind().contradicts(position)) {
      end(EndReason.LOG_CHANGED);
    }
  }

  /// Takes a stretch of the past.
  synchronized void take(Stretch stretch) {
    fetching = false;
    for (LiveEvent event : stretch.events()) {
      if (!take(event)) {
        return;
      }
    }
    position = LogPosition.later(position, stretch.next());
  }

  /// It has been offered everything below `next`, and what comes from now on is of the present.
  ///
  /// @return false when the stream has ended
  synchronized boolean goLive(LogPosition next) {
    position = LogPosition.later(position, next);
    live = end == null;
    return live;
  }

  synchronized boolean isLive() {
    return live;
  }

  /// The next to be offered.
  synchronized LogPosition position() {
    return position;
  }

  /// Whether to fetch more of the past now; then nobody else may until it has come.
  synchronized boolean beginFetch() {
    if (end != null || live || fetching || !queue.hasPlenty()) {
      return false;
    }
    fetching = true;
    return true;
  }

  synchronized void endFetch() {
    fetching = false;
  }

  /// Moves events to a batch.
  ///
  /// @param next everything below it was offered to whoever listens, before this call
  /// @return below where everything has been considered and taken; null when some is left
  synchronized @Nullable LogPosition drainTo(List<Signal> batch, int batchBytes, LogPosition next) {
    int before = batch.size();
    queue.drainTo(batch, batchBytes);
    tookSome |= batch.size() > before;
    if (!queue.isEmpty()) {
      return null;
    }
    position = live ? LogPosition.later(position, next) : position;
    return position;
  }

  /// Counts a heartbeat.
  ///
  /// @return whether the client has taken nothing for too long although something waited
  synchronized boolean stalled() {
    beatsWithoutProgress = queue.isEmpty() || tookSome ? 0 : beatsWithoutProgress + 1;
    tookSome = false;
    return beatsWithoutProgress >= STALLED_BEATS;
  }

  /// Takes nothing from now on. The first reason counts.
  ///
  /// @return the reason that counts
  synchronized EndReason end(EndReason reason) {
    queue.clear();
    EndReason first = end == null ? reason : end;
    end = first;
    return first;
  }

  /// Why the stream ended; null as long as it has not.
  synchronized @Nullable EndReason endReason() {
    return end;
  }
}
