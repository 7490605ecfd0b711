package dev.slipway.sandbox.command;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.publish.StreamPublisher;
import dev.slipway.pipeline.publish.StreamPublisher.Portion;
import dev.slipway.sandbox.command.LiveOutput.Part;
import dev.slipway.sandbox.provider.ProcessEvent.Channel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// Publishes what one command prints, as far as its operation is ours: masked, in order, without a
/// gap. While one portion is being committed the next one waits in the publisher's queue already.
/// Used by one thread.
final class OutputTrack {
  private static final int MOST_IN_A_RECORD = 256 * 1_024;
  private static final int MOST_ON_THEIR_WAY = 2;

  private final OutputSource source;
  private final OutputCodec codec;
  private final StreamPublisher publisher;
  private final BooleanSupplier isOurs;
  private final AtomicBoolean hasFailed = new AtomicBoolean();
  private final List<String> secrets;
  private final int reach;
  private final Map<Channel, Mask> masks = new EnumMap<>(Channel.class);
  private final Map<Channel, Integer> again = new EnumMap<>(Channel.class);

  // CONFINED: to the thread that uses it, as all that follow
  private final LiveOutput live = new LiveOutput(System.nanoTime());
  private final Deque<OnItsWay> onTheirWay = new ArrayDeque<>();
  private final Tail tail = new Tail();
  private final boolean isFromTheBeginning;
  private Published sent;
  private Published published;

  OutputTrack(
      OutputSource source,
      OutputCodec codec,
      StreamPublisher publisher,
      BooleanSupplier isOurs,
      Collection<String> secrets,
      Published published) {
    this.source = source;
    this.secrets = List.copyOf(secrets);
    this.reach =
        secrets.stream()
            .mapToInt(secret -> secret.getBytes(StandardCharsets.UTF_8).length - 1)
            .max()
            .orElse(0);
    this.codec = codec;
    this.publisher = publisher;
    this.isOurs = isOurs;
    this.sent = published;
    this.published = published;
    this.isFromTheBeginning = published.sequence() == 0;
    restart();
  }

  /// A portion that nobody has confirmed.
  ///
  /// @param after how far the output is published once it is
  private record OnItsWay(
      CompletableFuture<StreamPublisher.Published> done, Published after, List<Part> shown) {}

  /// What was held back comes again, and before it as much as a value may reach back.
  void restart() {
    for (Channel channel : Channel.values()) {
      masks.put(channel, new Mask(secrets));
      again.put(channel, (int) Math.min(reach, published.of(channel)));
    }
  }

  /// From which byte on the command's output is to be read after a restart.
  long readFrom(Channel channel) {
    return published.of(channel) - again.getOrDefault(channel, 0);
  }

  /// How far it is published for sure.
  Published published() {
    return published;
  }

  /// The last of all that was published; null when others published some of it.
  @Nullable Tail tail() {
    return isFromTheBeginning ? tail : null;
  }

  /// How long until something is to be shown that is published already; negative for nothing.
  long patienceNanos() {
    return live.patienceNanos(System.nanoTime());
  }

  /// Publishes what was printed next, and shows what is to be shown; whether it was published is
  /// known after [#settle] at the latest.
  ///
  /// @throws RetryableException when nobody can tell whether something was published
  void publish(Map<Channel, byte[]> printed) throws InterruptedException {
    send(printed, false, null);
    while (onTheirWay.size() >= MOST_ON_THEIR_WAY) {
      settleFirst();
    }
  }

  /// Publishes that nothing comes any more.
  ///
  /// @param exit how the command ended; null when nobody can tell
  /// @throws RetryableException when nobody can tell whether it was published
  void end(@Nullable Exit exit) throws InterruptedException {
    send(Map.of(), true, exit);
    settle();
  }

  /// Waits until all is published.
  ///
  /// @throws RetryableException when nobody can tell whether it was
  void settle() throws InterruptedException {
    while (!onTheirWay.isEmpty()) {
      settleFirst();
    }
  }

  private void send(Map<Channel, byte[]> printed, boolean end, @Nullable Exit exit)
      throws InterruptedException {
    var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
    Published after = sent;
    for (Channel channel : Channel.values()) {
      byte[] bytes = shown(channel, printed.get(channel), end);
      for (int at = 0; at < bytes.length; at += MOST_IN_A_RECORD) {
        byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + MOST_IN_A_RECORD));
        long offset = after.of(channel);
        long sequence = after.sequence() + 1;
        records.add(codec.part(source, after.partition(), channel, sequence, offset, part));
        live.add(channel, offset, part);
        tail.add(channel, part);
        after = after.plus(channel, offset + part.length, sequence);
      }
    }
    if (end) {
      long sequence = after.sequence() + 1;
      var totals = new OutputCodec.Totals(after.stdout(), after.stderr());
      records.add(codec.end(source, after.partition(), sequence, totals, exit));
      after = after.plusEnd(sequence);
    }
    List<Part> parts = parts(end);
    if (!records.isEmpty() || !parts.isEmpty()) {
      onTheirWay.add(new OnItsWay(portion(records, parts, after.sequence()), after, parts));
      sent = after;
    }
  }

  /// What is shown says what was left out before it, so whether that was shown must be known.
  private List<Part> parts(boolean end) throws InterruptedException {
    boolean isDue = end || live.patienceNanos(System.nanoTime()) == 0;
    if (isDue && onTheirWay.stream().anyMatch(portion -> !portion.shown().isEmpty())) {
      settle();
    }
    return live.take(System.nanoTime(), end);
  }

  private void settleFirst() throws InterruptedException {
    OnItsWay first = onTheirWay.remove();
    try {
      StreamPublisher.Published done = first.done().get();
      published = first.after().at(published.at()).at(done.lastOffset() + 1);
      if (!done.notified()) {
        live.leftOut(first.shown());
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e);
    }
  }

  private byte[] shown(Channel channel, byte @Nullable [] printed, boolean end) {
    Mask mask = masks.get(channel);
    if (mask == null) {
      throw new IllegalStateException("no mask for " + channel);
    }
    byte[] bytes = fresh(channel, printed == null ? new byte[0] : mask.take(printed));
    if (!end || mask.heldBytes() == 0) {
      return bytes;
    }
    byte[] last = fresh(channel, mask.end());
    byte[] all = Arrays.copyOf(bytes, bytes.length + last.length);
    System.arraycopy(last, 0, all, bytes.length, last.length);
    return all;
  }

  /// Without what is published already.
  private byte[] fresh(Channel channel, byte[] bytes) {
    int left = again.getOrDefault(channel, 0);
    int known = Math.min(left, bytes.length);
    again.put(channel, left - known);
    return known == 0 ? bytes : Arrays.copyOfRange(bytes, known, bytes.length);
  }

  private CompletableFuture<StreamPublisher.Published> portion(
      List<ProducerRecord<byte[], byte[]>> records, List<Part> parts, long sequence)
      throws InterruptedException {
    var notifications = new ArrayList<ProducerRecord<byte[], byte[]>>();
    for (Part part : parts) {
      CloudEvent envelope = codec.envelope(source, part.channel(), part.end());
      publisher
          .notification(
              envelope,
              codec.notification(
                  source,
                  envelope,
                  part.channel(),
                  sequence,
                  part.offset(),
                  part.skippedBytes(),
                  part.bytes()))
          .ifPresent(notifications::add);
    }
    // INVARIANT: no gap: what waits behind a portion that failed fails too
    BooleanSupplier goesOn = () -> !hasFailed.get() && isOurs.getAsBoolean();
    CompletableFuture<StreamPublisher.Published> done =
        publisher.publish(new Portion(records, notifications, goesOn));
    return done.whenComplete((_, failure) -> {
      if (failure != null) {
        hasFailed.set(true);
      }
    });
  }
}
