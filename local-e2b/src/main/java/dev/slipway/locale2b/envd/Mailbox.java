package dev.slipway.locale2b.envd;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What waits for one reader of a stream. A full one makes its writers wait, until it is closed.
final class Mailbox<T> implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<T> items = new ArrayDeque<>();
  private final int capacity;
  // guarded by lock
  private boolean closed;

  Mailbox(int capacity) {
    this.capacity = capacity;
  }

  /// Adds an item as soon as there is room; a closed mailbox swallows it.
  void put(T item) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (items.size() >= capacity && !closed) {
        changed.await();
      }
      if (!closed) {
        items.add(item);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Puts an item in the place of all that waits.
  void replaceAll(T item) {
    lock.lock();
    try {
      items.clear();
      items.add(item);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The next item, or nothing when none came in time.
  Optional<T> poll(Duration wait) throws InterruptedException {
    long left = wait.toNanos();
    lock.lockInterruptibly();
    try {
      while (items.isEmpty()) {
        if (left <= 0) {
          return Optional.empty();
        }
        left = changed.awaitNanos(left);
      }
      T item = items.remove();
      changed.signalAll();
      return Optional.of(item);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      items.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
