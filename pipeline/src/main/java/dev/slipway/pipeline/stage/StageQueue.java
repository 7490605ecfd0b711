package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.error.RetryableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// What the doors of a stage have put down in this process and nobody has settled yet. Requests and
/// outcomes are taken first, records fill up, deadlines have a share of their own. Of a partition
/// at most one slice is here or in a turn. While a turn is on its way, another begins only with
/// half of what it may hold: what is less shares the next. What is tried by itself may take as long
/// as a transaction can: the others do not wait for it, and no more than one is.
final class StageQueue<S, I, E> {
  private static final int SHARE_OF_RECORDS = 100;
  private static final int SHARE_OF_DEADLINES = 100;

  /// The part of the pace that doors have to read, decode and put down.
  private static final int TO_READ = 5;

  private static final Duration FULL = Duration.ofSeconds(1);

  private final int maxBatch;
  private final int capacity;
  private final long paceNanos;
  private final long quietPaceNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // @GuardedBy: lock, as all that follow
  private final Deque<Ask<S, I, E>> asks = new ArrayDeque<>();
  private final Deque<Ask.Due<S, I, E>> deadlines = new ArrayDeque<>();
  private final Map<TopicPartition, Offered<I>> records = new LinkedHashMap<>();
  private final List<Later<S, I, E>> later = new ArrayList<>();
  private long recordsFrom = System.nanoTime();
  private Counts settled = Counts.NONE; // of the turn that is ending
  private final Set<Taken<S, I, E>> onTheirWay = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean closed;

  /// @param maxBatch most inputs of one turn
  /// @param capacity most requests and outcomes that may wait
  /// @param pace from the beginning of a turn with records to that of the next without anything
  ///   else
  /// @param quietPace the same after a turn whose records concerned nobody here: so it will be with
  ///   the next, most often
  StageQueue(int maxBatch, int capacity, Duration pace, Duration quietPace) {
    this.maxBatch = maxBatch;
    this.capacity = capacity;
    this.paceNanos = pace.toNanos();
    this.quietPaceNanos = quietPace.toNanos();
  }

  /// Puts down a request or an outcome.
  ///
  /// @throws RetryableException when too many wait
  void ask(Ask<S, I, E> ask) {
    lock.lock();
    try {
      if (closed || asks.size() >= capacity) {
        throw new RetryableException(
            closed ? "the stage is being stopped" : "more requests wait than the stage takes",
            FULL,
            null);
      }
      asks.add(ask);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Puts down deadlines that are due; those that are tried by themselves stay so.
  void due(Collection<Ask.Due<S, I, E>> due) {
    lock.lock();
    try {
      due.stream().filter(one -> !isTriedByItself(one)).forEach(deadlines::add);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isTriedByItself(Ask.Due<S, I, E> due) {
    return Stream.concat(
            onTheirWay.stream().filter(Taken::isAlone).map(Taken::turn),
            later.stream().map(Later::turn))
        .anyMatch(turn -> turn.asks().contains(due));
  }

  /// Waits until no deadlines are here or in a turn of many: to look for more before would find the
  /// same.
  ///
  /// @return false when that took longer than the patience, or the queue is closed
  boolean awaitDeadlines(Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (!closed
          && (!deadlines.isEmpty() || onTheirWay.stream().anyMatch(Taken::hasDeadlines))) {
        if (nanos <= 0) {
          return false;
        }
        nanos = changed.awaitNanos(nanos);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until records that are read now share the next turn: whoever reads sooner reads less,
  /// and what comes after it waits for the turn after that. Not at all when turns are slower than
  /// their pace.
  void awaitRecords() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long nanos = recordsFrom - paceNanos / TO_READ - System.nanoTime();
      while (nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Puts down the records of a partition of which none are here.
  ///
  /// @return where its partition is read next, once all of it is settled or one of its records
  ///   cannot be
  CompletableFuture<SliceResult> offer(Slice<I> slice) {
    lock.lock();
    try {
      var offered = new Offered<>(slice);
      records.put(slice.partition(), offered);
      changed.signalAll();
      return offered.done;
    } finally {
      lock.unlock();
    }
  }

  /// Takes back what is here of these partitions. What is in a transaction is settled; nobody is
  /// told.
  void withdraw(Collection<TopicPartition> partitions) {
    lock.lock();
    try {
      partitions.forEach(records::remove);
      later.removeIf(waiting ->
          waiting.turn.slices().stream().anyMatch(slice -> partitions.contains(slice.partition())));
    } finally {
      lock.unlock();
    }
  }

  /// What is to be settled next.
  ///
  /// @param alone attempts of a turn that is tried by itself; 0 for one that is tried first
  record Taken<S, I, E>(Turn<S, I, E> turn, int alone) {
    private boolean isAlone() {
      return alone > 0;
    }

    private boolean hasDeadlines() {
      return !isAlone() && turn.asks().stream().anyMatch(Ask.Due.class::isInstance);
    }
  }

  /// Waits for something to settle. Whoever takes says when it has [ended][#ended].
  ///
  /// @return empty once the queue is closed and nothing is in it
  /// @throws InterruptedException when the committer is being stopped
  Optional<Taken<S, I, E>> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        long now = System.nanoTime();
        Taken<S, I, E> taken = next(now);
        if (taken != null) {
          boolean _ = onTheirWay.add(taken);
          return Optional.of(taken);
        }
        if (closed) {
          return Optional.empty();
        }
        long nanos = untilNext(now);
        if (nanos < 0) {
          changed.await();
        } else {
          var _ = changed.awaitNanos(nanos);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// A turn is over.
  ///
  /// @param results tell this queue of its slices, in order. While pieces of a slice are being
  ///   settled, and between these, nobody else takes what comes behind them
  void ended(Taken<S, I, E> taken, List<Runnable> results) {
    lock.lock();
    try {
      settled = Counts.NONE;
      results.forEach(Runnable::run);
      if (isQuiet(taken, settled)) {
        recordsFrom += Math.max(0, quietPaceNanos - paceNanos);
      }
      boolean _ = onTheirWay.remove(taken);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// A turn of records, not many, that changed nothing but where reading goes on.
  private boolean isQuiet(Taken<S, I, E> taken, Counts counts) {
    return !taken.isAlone()
        && taken.turn.asks().isEmpty()
        && counts.seen() > 0
        && counts.seen() < maxBatch / 2
        && counts.seen() == counts.unrouted() + counts.known() + counts.foreign();
  }

  private boolean isAnyAlone() {
    return onTheirWay.stream().anyMatch(Taken::isAlone);
  }

  private @Nullable Taken<S, I, E> next(long now) {
    for (Later<S, I, E> waiting : later) {
      if (!isAnyAlone() && now - waiting.notBefore >= 0) {
        later.remove(waiting);
        return new Taken<>(waiting.turn, waiting.attempts);
      }
    }
    if (asks.isEmpty() && deadlines.isEmpty() && now - recordsFrom < 0) {
      return null;
    }
    int waiting = waitingRecords();
    boolean isFirst = onTheirWay.stream().allMatch(Taken::isAlone);
    if (!isFirst && asks.size() + deadlines.size() + waiting < maxBatch / 2) {
      return null;
    }
    List<Ask<S, I, E>> due = new ArrayList<>();
    while (due.size() < Math.min(SHARE_OF_DEADLINES, maxBatch) && !deadlines.isEmpty()) {
      due.add(deadlines.poll());
    }
    int room = maxBatch - due.size();
    int share = Math.min(Math.min(SHARE_OF_RECORDS, room), waiting);
    List<Ask<S, I, E>> taken = new ArrayList<>();
    while (taken.size() < room - share && !asks.isEmpty()) {
      taken.add(asks.poll());
    }
    room -= taken.size();
    taken.addAll(due);
    List<Slice<I>> slices = slices(room);
    if (!slices.isEmpty()) {
      recordsFrom = now + paceNanos;
    }
    var turn = new Turn<>(taken, slices);
    return turn.isEmpty() ? null : new Taken<>(turn, 0);
  }

  private int waitingRecords() {
    return records.values().stream()
        .filter(offered -> !offered.busy)
        .mapToInt(offered -> Math.max(1, offered.rest.entries().size()))
        .sum();
  }

  private List<Slice<I>> slices(int most) {
    int room = most;
    var slices = new ArrayList<Slice<I>>();
    for (Offered<I> offered : records.values()) {
      if (!offered.busy && (room > 0 || offered.rest.entries().isEmpty())) {
        Slice<I> part = offered.rest.entries().isEmpty() ? offered.rest : offered.rest.first(room);
        room -= part.entries().size();
        offered.busy = true;
        slices.add(part);
      }
    }
    return slices;
  }

  /// @return nanoseconds; -1 when nothing waits for its time
  private long untilNext(long now) {
    LongStream times =
        isAnyAlone() ? LongStream.of() : later.stream().mapToLong(waiting -> waiting.notBefore);
    if (recordsFrom - now > 0 && waitingRecords() > 0) {
      times = LongStream.concat(times, LongStream.of(recordsFrom));
    }
    return times.map(time -> Math.max(0, time - now)).min().orElse(-1);
  }

  /// A slice that was taken is settled.
  void settled(Slice<I> slice, SliceResult result) {
    lock.lock();
    try {
      settled = settled.plus(result.counts());
      Offered<I> offered = records.get(slice.partition());
      if (offered == null || offered.rest.from() != slice.from()) {
        return; // withdrawn meanwhile
      }
      boolean isWhole = result.isThrough(slice);
      if (isWhole && slice.next() < offered.rest.next()) {
        offered.rest = offered.rest.from(slice.next());
        offered.busy = false;
        changed.signalAll();
      } else {
        records.remove(slice.partition());
        offered.done.complete(result);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Keeps a turn that timed out, to be tried again by itself, while others go on.
  void later(Turn<S, I, E> turn, Duration pause, int attempts) {
    lock.lock();
    try {
      var slices = new ArrayList<Slice<I>>();
      for (Slice<I> slice : turn.slices()) {
        Offered<I> offered = records.get(slice.partition());
        if (offered != null && offered.rest.from() == slice.from()) { // else withdrawn meanwhile
          offered.busy = true;
          slices.add(slice);
        }
      }
      var kept = new Turn<>(turn.asks(), slices);
      if (!kept.isEmpty()) {
        later.add(new Later<>(kept, System.nanoTime() + pause.toNanos(), attempts));
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Takes nothing in any more; what waits for an answer is told so.
  List<Ask<S, I, E>> close() {
    lock.lock();
    try {
      closed = true;
      List<Ask<S, I, E>> left = new ArrayList<>(asks);
      later.forEach(waiting -> left.addAll(waiting.turn.asks()));
      asks.clear();
      deadlines.clear();
      records.clear();
      later.clear();
      changed.signalAll();
      return left;
    } finally {
      lock.unlock();
    }
  }

  /// How many inputs wait.
  int size() {
    lock.lock();
    try {
      return asks.size()
          + deadlines.size()
          + records.values().stream().mapToInt(offered -> offered.rest.entries().size()).sum();
    } finally {
      lock.unlock();
    }
  }

  private static final class Offered<I> {
    // @GuardedBy: lock
    private Slice<I> rest;
    private boolean busy;
    private final CompletableFuture<SliceResult> done = new CompletableFuture<>();

    private Offered(Slice<I> slice) {
      this.rest = slice;
    }
  }

  private record Later<S, I, E>(Turn<S, I, E> turn, long notBefore, int attempts) {}
}
