package dev.slipway.pipeline.operation;

import dev.slipway.pipeline.stage.LeasedOperation;
import dev.slipway.pipeline.stage.OperationDoor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What a worker holds an operation by. It lapses by itself when the database has not been told of
/// it for as long as it lasts: a worker that was paused finds out by this clock, before anybody
/// tells it.
public final class Lease<I> implements Hold {
  private final LeasedOperation operation;
  private final OperationDoor<I> door;
  private final Duration length;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // @GuardedBy: lock, as all that follow
  private final List<Runnable> listeners = new ArrayList<>();
  private long untilNanos;
  private boolean lost;
  private boolean cancelled;
  private boolean draining;
  private @Nullable String note;
  private @Nullable String lastNote;

  /// @param length how long it lasts without a word
  /// @param untilNanos when it lapses, by the clock of [System#nanoTime]
  Lease(LeasedOperation operation, OperationDoor<I> door, Duration length, long untilNanos) {
    this.operation = operation;
    this.door = door;
    this.length = length;
    this.untilNanos = untilNanos;
    this.cancelled = operation.cancelled();
  }

  LeasedOperation operation() {
    return operation;
  }

  /// Whether it does not wait for others of its aggregate.
  boolean overtakes() {
    return !operation.ordered() || operation.cancelled();
  }

  @Override
  public boolean isHeld() {
    lock.lock();
    try {
      return !lost && System.nanoTime() - untilNanos < 0;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isCancelled() {
    lock.lock();
    try {
      return cancelled;
    } finally {
      lock.unlock();
    }
  }

  /// Whether the process is being stopped: what another worker can go on with is left to him.
  public boolean isDraining() {
    lock.lock();
    try {
      return draining;
    } finally {
      lock.unlock();
    }
  }

  /// Calls back when the lease is lost, the operation is cancelled or the process is being stopped;
  /// at once when that has happened. It must not block.
  public void onChange(Runnable listener) {
    boolean now;
    lock.lock();
    try {
      listeners.add(listener);
      now = lost || cancelled || draining;
    } finally {
      lock.unlock();
    }
    if (now) {
      listener.run();
    }
  }

  /// Waits, but no longer than until something changes.
  public void await(Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (!lost && !cancelled && !draining && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits, whatever changes, but for the loss of the lease.
  void rest(Duration pause) throws InterruptedException {
    long nanos = pause.toNanos();
    lock.lockInterruptibly();
    try {
      while (!lost && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Leaves a word for whoever takes the operation over: it is kept with the next heartbeat.
  ///
  /// @param json an object
  public void note(String json) {
    lock.lock();
    try {
      note = json;
      lastNote = json;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void noteNow(String json) throws InterruptedException {
    note(json);
    var _ = takeNote(); // no heartbeat is to bring it once more, over a later one
    keep(json, length);
  }

  private void keep(@Nullable String json, Duration time) throws InterruptedException {
    var notes = new HashMap<LeasedOperation, @Nullable String>();
    notes.put(operation, json);
    long now = System.nanoTime();
    Boolean isCancelled = door.keep(notes, time).get(operation.id());
    if (isCancelled == null) {
      lose();
      throw new InterruptedException("the lease is another's");
    }
    kept(now + time.toNanos(), isCancelled);
  }

  @Override
  public void holdFor(Duration time) throws InterruptedException {
    keep(takeNote(), time);
  }

  /// Tells the aggregate how far it has come; once under a lease.
  ///
  /// @throws InterruptedException also when the lease is another's by now
  public void progressed(I input) throws InterruptedException {
    boolean counted;
    try {
      counted = door.progressed(operation, input).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
    if (!counted) {
      lose();
      throw new InterruptedException("the lease is another's");
    }
  }

  /// What was left last, to be kept when the operation ends or is given back: a heartbeat that was
  /// on its way may have written an earlier one over it.
  @Nullable String lastNote() {
    lock.lock();
    try {
      return lastNote;
    } finally {
      lock.unlock();
    }
  }

  /// What is to be kept with the next heartbeat; null for nothing new.
  @Nullable String takeNote() {
    lock.lock();
    try {
      String taken = note;
      note = null;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /// The database was told of it.
  ///
  /// @param until when it lapses now, at the earliest
  void kept(long until, boolean isCancelled) {
    lock.lock();
    try {
      if (until - untilNanos > 0) {
        untilNanos = until;
      }
    } finally {
      lock.unlock();
    }
    if (isCancelled) {
      cancel();
    }
  }

  void cancel() {
    change(() -> cancelled = true);
  }

  void lose() {
    change(() -> lost = true);
  }

  void drain() {
    change(() -> draining = true);
  }

  private void change(Runnable change) {
    List<Runnable> told;
    lock.lock();
    try {
      change.run();
      changed.signalAll();
      told = List.copyOf(listeners);
    } finally {
      lock.unlock();
    }
    told.forEach(Runnable::run);
  }
}
