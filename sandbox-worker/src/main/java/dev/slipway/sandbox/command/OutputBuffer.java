package dev.slipway.sandbox.command;

import dev.slipway.sandbox.provider.ProcessEvent.Channel;
import java.io.ByteArrayOutputStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What was read of a command and not published yet: bounded, so that a command that prints more
/// than Kafka takes waits in its sandbox.
final class OutputBuffer {
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // @GuardedBy: lock, as all that follow
  private final Map<Channel, ByteArrayOutputStream> waiting = new EnumMap<>(Channel.class);
  private int size;
  private boolean ended;
  private boolean nudged;
  private @Nullable RuntimeException failure;

  /// @param capacity in bytes; a single larger piece still comes through
  OutputBuffer(int capacity) {
    this.capacity = capacity;
  }

  /// What was taken.
  ///
  /// @param ended whether nothing comes after it
  record Taken(Map<Channel, byte[]> bytes, boolean ended) {}

  /// Puts down what was read; waits while there is no room.
  void put(Channel channel, byte[] bytes) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (size > 0 && size + bytes.length > capacity && !ended) {
        changed.await();
      }
      waiting.computeIfAbsent(channel, _ -> new ByteArrayOutputStream()).writeBytes(bytes);
      size += bytes.length;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Nothing comes any more.
  ///
  /// @param cause null when the source has come to its end
  void end(@Nullable RuntimeException cause) {
    lock.lock();
    try {
      ended = true;
      failure = cause;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Cuts short the wait of [#take].
  void nudge() {
    lock.lock();
    try {
      nudged = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Whether nothing is to be taken now.
  boolean isEmpty() {
    lock.lock();
    try {
      return size == 0;
    } finally {
      lock.unlock();
    }
  }

  /// Takes all there is; waits for it, but not for longer than the patience.
  ///
  /// @throws RuntimeException what the source ended with, once everything before it was taken
  Taken take(long patienceNanos) throws InterruptedException {
    long nanos = patienceNanos;
    lock.lockInterruptibly();
    try {
      while (size == 0 && !ended && !nudged && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      nudged = false;
      if (size == 0 && failure != null) {
        throw failure;
      }
      var bytes = new EnumMap<Channel, byte[]>(Channel.class);
      waiting.forEach((channel, all) -> bytes.put(channel, all.toByteArray()));
      waiting.clear();
      boolean isLast = ended && failure == null;
      size = 0;
      changed.signalAll();
      return new Taken(bytes, isLast);
    } finally {
      lock.unlock();
    }
  }
}
