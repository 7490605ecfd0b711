package dev.slipway.notifier.hub;

import dev.slipway.notifier.hub.PartitionFeed.Attached;
import dev.slipway.notifier.hub.Signal.Heartbeat;
import dev.slipway.notifier.hub.Signal.Moved;
import dev.slipway.pipeline.live.Cursor;
import dev.slipway.pipeline.live.LogPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.FluxSink.OverflowStrategy;

/// One client's way through the log, at its own pace: what is past is fetched when the client has
/// taken what it had ([PartitionFeed#attach], [Scans]); what is present is offered as it comes, and
/// a client for which too much gathers is cut off.
///
/// Other threads put into the queue; only the lane, one thread, takes from it and talks to the
/// client.
final class LiveStream {
  /// Larger ones save nothing more, smaller ones cost a system call for each few events.
  private static final int BATCH_BYTES = 64 * 1024;

  private final Hub hub;
  private final Subscription subscription;
  private final Place place;
  private final Outlet outlet;
  private final StreamTimers timers;

  private final Backlog backlog;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final AtomicBoolean finished = new AtomicBoolean();

  // CONFINED: to the lane
  private @Nullable FluxSink<List<Signal>> sink;
  private List<Signal> opening = List.of();
  private boolean heartbeatDue;
  private long told;

  /// @param place where it begins
  /// @param outlet the way to the client; its lane is the thread of this stream
  LiveStream(Hub hub, Subscription subscription, Place place, Outlet outlet, StreamTimers timers) {
    this.hub = hub;
    this.subscription = subscription;
    this.place = place;
    this.outlet = outlet;
    this.timers = timers;
    this.backlog = new Backlog(subscription, hub.queue(), place.position());
    this.told = place.position().offset();
  }

  Subscription subscription() {
    return subscription;
  }

  ScheduledExecutorService lane() {
    return outlet.lane();
  }

  PartitionFeed feed() {
    return place.feed();
  }

  /// What the client gets, in batches to be sent at once. Subscribe once; cancelling ends the
  /// stream. Ends without error for every reason: ask [#endReason].
  Flux<List<Signal>> signals() {
    return Flux.push(this::open, OverflowStrategy.IGNORE);
  }

  /// Why it ended; null as long as it has not.
  @Nullable EndReason endReason() {
    return backlog.endReason();
  }

  Backlog backlog() {
    return backlog;
  }

  private void open(FluxSink<List<Signal>> fresh) {
    fresh.onDispose(() -> finish(EndReason.DISCONNECTED));
    lane()
        .execute(() -> {
          hub.opened(this);
          if (finished.get()) {
            hub.closed(this, EndReason.DISCONNECTED); // while it was on its way to here
            return;
          }
          sink = fresh;
          opening = opening();
          fresh.onRequest(_ -> wake());
          timers.start(this);
          fetch();
          drain();
        });
  }

  private List<Signal> opening() {
    var cursor = place.cursor(subscription.tenant(), place.position());
    ResetReason reset = place.reset();
    return reset == null ? List.of(new Moved(cursor)) : reset(reset, cursor);
  }

  private List<Signal> reset(ResetReason reason, Cursor cursor) {
    hub.metrics().reset(reason);
    // Before the cursor: a client that were cut off between the two would never know.
    return List.of(new Signal.Reset(reason, cursor, subscription.snapshot()), new Moved(cursor));
  }

  /// Offers an event that has just come. Called by the feed, in order.
  ///
  /// @return whether the lane must be woken
  boolean publish(LiveEvent event) {
    return backlog.publish(event) && !woken.getAndSet(true);
  }

  /// Takes what was asked for.
  void fetched(Stretch stretch) {
    backlog.take(stretch);
    wake();
    fetch();
  }

  /// Fetches what is next, unless something waits to be taken or is on its way.
  private void fetch() {
    if (!backlog.beginFetch()) {
      return;
    }
    Attached attached = place.feed().attach(this);
    if (attached == Attached.BEHIND) {
      hub.scans().request(this);
      return;
    }
    backlog.endFetch();
    wake(); // drain comes back to here when there is room, and more
  }

  /// Lets the lane look after this stream soon.
  void wake() {
    if (!woken.getAndSet(true)) {
      onLane(this::drain);
    }
  }

  private void onLane(Runnable task) {
    try {
      lane().execute(task);
    } catch (RejectedExecutionException _) {
      finish(EndReason.STOPPED); // the server is gone
    }
  }

  /// Sends what waits, as far as the client takes it. On the lane.
  void drain() {
    woken.set(false);
    FluxSink<List<Signal>> client = sink;
    if (client == null || finished.get()) {
      return;
    }
    EndReason ended = endReason();
    if (ended != null) {
      finish(ended);
      client.complete();
      return;
    }
    while (client.requestedFromDownstream() > 0 && outlet.takesMore()) {
      List<Signal> batch = batch();
      if (batch.isEmpty()) {
        break;
      }
      hub.metrics().sent(batch);
      client.next(batch);
    }
    fetch();
  }

  private List<Signal> batch() {
    List<Signal> batch = new ArrayList<>(opening);
    opening = List.of();
    LogPosition next = place.feed().next(); // INVARIANT: read before the backlog is found empty
    LogPosition considered = backlog.drainTo(batch, BATCH_BYTES, next);
    if (!batch.isEmpty() && batch.getLast() instanceof LiveEvent last) {
      told = last.offset() + 1;
    }
    batch = withResets(batch);
    if (heartbeatDue) {
      heartbeatDue = false;
      batch.add(new Heartbeat());
      if (considered != null && considered.offset() > told) {
        told = considered.offset();
        batch.add(new Moved(place.cursor(subscription.tenant(), considered)));
      }
    }
    return batch;
  }

  /// The same, with what this client is told of a gap in place of it.
  private List<Signal> withResets(List<Signal> batch) {
    if (batch.stream().noneMatch(signal -> signal instanceof LiveEvent event && event.isGap())) {
      return batch;
    }
    List<Signal> signals = new ArrayList<>(batch.size() + 1);
    for (Signal signal : batch) {
      if (signal instanceof LiveEvent event && event.isGap()) {
        Cursor behind = place.cursor(subscription.tenant(), event.behind());
        signals.addAll(reset(ResetReason.EXPIRED, behind));
      } else {
        signals.add(signal);
      }
    }
    return signals;
  }

  /// Time to show a sign of life. On the lane.
  void heartbeat() {
    heartbeatDue = true;
    drain();
    if (backlog.stalled()) {
      end(EndReason.STALLED);
    }
  }

  /// Ends the stream. What still waits is not sent: the client's cursor stands before it.
  void end(EndReason reason) {
    var _ = backlog.end(reason);
    wake();
  }

  private void finish(EndReason reason) {
    EndReason why = backlog.end(reason);
    if (!finished.getAndSet(true)) {
      place.feed().detach(this);
      onLane(timers::stop);
      hub.closed(this, why);
    }
  }
}
