package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.error.Backoff;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.live.LogExtent;
import dev.slipway.pipeline.live.PublicEvent;
import dev.slipway.pipeline.observability.LivenessCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Publishes what comes as streams, such as the output of commands: many small portions of many
/// sources, as many as there are in one Kafka transaction. What a source has published stands in
/// the topic itself; whoever takes a source over fences this publisher first, and then reads there
/// how far it came.
///
/// | what goes wrong | what happens |
/// |---|---|
/// | Kafka away, or a commit that nobody answers | all that waits fails: each source looks how far it came |
/// | fenced by who took a source over | the same; a source that is ours still goes on |
/// | a record that Kafka refuses for ever | its portion fails for ever |
/// | `notifications` alone away | portions are published without; a source tells later what it left out |
public final class StreamPublisher implements SmartLifecycle, LivenessCheck {
  private static final Logger log = LoggerFactory.getLogger(StreamPublisher.class);
  private static final int MOST_PORTIONS = 1_000;
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final KafkaClients clients;
  private final String transactionalId;
  private final Supplier<Optional<LogExtent>> topic;
  private final NotificationCodec codec;
  private final PublisherProperties properties;
  private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(MOST_PORTIONS);
  private final StoppableThread thread;

  private final AtomicInteger generation = new AtomicInteger();

  // CONFINED: to the publisher's thread
  private @Nullable TransactionalProducer producer;
  private final Backoff backoff;
  private boolean areNotificationsAway;

  /// @param topic from where to where `notifications` reaches, as far as is known
  StreamPublisher(
      KafkaClients clients,
      String name,
      Supplier<Optional<LogExtent>> topic,
      PublisherProperties properties) {
    this.clients = clients;
    this.topic = topic;
    this.codec = new NotificationCodec(clients);
    this.transactionalId = clients.topicNames().prefix() + name;
    this.properties = properties;
    this.backoff = new Backoff(properties.minBackoff(), properties.maxBackoff());
    this.thread =
        new StoppableThread(
            Thread.ofVirtual().name(name), this::turn, properties.maxBackoff(), this::wake);
  }

  private void wake() {
    boolean _ = queue.offer(WAKE); // where the queue is full, nobody waits for something to come
  }

  /// What a source publishes at once.
  ///
  /// @param records in order
  /// @param notifications of them; left out when they are not taken
  /// @param isOurs whether the source is ours still: asked last, when a transaction begins
  public record Portion(
      List<ProducerRecord<byte[], byte[]>> records,
      List<ProducerRecord<byte[], byte[]>> notifications,
      BooleanSupplier isOurs) {
    public Portion {
      records = List.copyOf(records);
      notifications = List.copyOf(notifications);
    }

    private int sizeBytes() {
      int bytes = 0;
      for (ProducerRecord<byte[], byte[]> record : records) {
        bytes += record.value().length;
      }
      for (ProducerRecord<byte[], byte[]> record : notifications) {
        bytes += record.value().length;
      }
      return bytes;
    }
  }

  /// What was published.
  ///
  /// @param lastOffset of the last record; -1 when there was none
  /// @param notified whether the notifications went along
  public record Published(long lastOffset, boolean notified) {}

  private record Waiting(Portion portion, CompletableFuture<Published> published) {
    void fail(RuntimeException failure) {
      var _ = published.completeExceptionally(failure);
    }
  }

  /// Nothing, so that whoever waits for something looks whether it is to stop.
  private static final Waiting WAKE =
      new Waiting(new Portion(List.of(), List.of(), () -> true), new CompletableFuture<>());

  /// The id by which whoever takes over a source of ours fences us.
  public String transactionalId() {
    return transactionalId;
  }

  /// Fences a publisher: nothing that it has not committed by now is ever published.
  ///
  /// @throws RetryableException when Kafka does not answer
  public static void fence(KafkaClients clients, String transactionalId) {
    try (Admin admin = Admin.create(clients.admin("fence"))) {
      var _ =
          admin
              .fenceProducers(Set.of(transactionalId))
              .all()
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new RetryableException("Kafka does not fence " + transactionalId, Duration.ZERO, e);
    }
  }

  /// A notification.
  ///
  /// @return empty as long as Kafka has not told of the topic
  /// @throws RetryableException when the registry does not answer
  public Optional<ProducerRecord<byte[], byte[]>> notification(
      CloudEvent envelope, PublicEvent event) {
    return topic
        .get()
        .map(extent ->
            codec.write(envelope, event, extent.partitionOf(event.context().getTenant())));
  }

  /// Publishes a portion; blocks while too much waits.
  ///
  /// @return done when it is committed. It fails with [RetryableException] when nobody can tell
  ///   whether it was, and with [PermanentException] when Kafka will never take it
  public CompletableFuture<Published> publish(Portion portion) throws InterruptedException {
    var waiting = new Waiting(portion, new CompletableFuture<>());
    while (!queue.offer(waiting, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
      if (thread.isStopping() || thread.isDead()) {
        throw new RetryableException("the publisher is being stopped", Duration.ZERO, null);
      }
    }
    if (!thread.isRunning()) {
      failAll(List.of(), new RetryableException("the publisher has stopped", Duration.ZERO, null));
    }
    return waiting.published;
  }

  /// Waits until whatever was to be published before this is, or has failed.
  public void drain() throws InterruptedException {
    try {
      var _ = publish(new Portion(List.of(), List.of(), () -> true)).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e);
    }
  }

  private void turn() {
    var turn = new ArrayList<Waiting>();
    try {
      Waiting first = queue.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
      if (first == null || first.equals(WAKE)) {
        return;
      }
      long began = System.nanoTime();
      gather(first, turn);
      publish(turn);
      backoff.reset();
      thread.rest(properties.pace().minusNanos(System.nanoTime() - began));
    } catch (FencedException e) {
      close();
      failAll(turn, new RetryableException("the publisher was fenced", Duration.ZERO, e));
    } catch (RetryableException e) {
      close();
      failAll(turn, e);
      thread.rest(backoff.next(e));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (InterruptException e) {
      close();
      failAll(turn, new RetryableException("the publisher is being stopped", Duration.ZERO, e));
      throw e;
    } catch (RuntimeException e) {
      // whatever it is, nobody may wait for it
      close();
      failAll(turn, new RetryableException("the publisher failed", Duration.ZERO, e));
      throw e;
    }
  }

  private void gather(Waiting first, List<Waiting> turn) {
    int bytes = first.portion.sizeBytes();
    turn.add(first);
    for (Waiting next = queue.peek();
        next != null && bytes + next.portion.sizeBytes() <= properties.maxBytes();
        next = queue.peek()) {
      bytes += next.portion.sizeBytes();
      turn.add(queue.remove());
    }
  }

  private void publish(List<Waiting> turn) {
    TransactionalProducer fenced = producer();
    boolean notified = true;
    while (true) {
      leaveOutOthers(turn);
      if (turn.isEmpty()) {
        return;
      }
      var sent = new Sent(turn, notified);
      Outcome outcome = fenced.publish(sent.turn(), null, sent::placed);
      switch (outcome) {
        case Outcome.Committed _ -> {
          sent.tell();
          saysNotifications(!notified, null);
          return;
        }
        case Outcome.RecordRefused(int index) ->
            turn.remove(sent.ofRecord(index))
                .fail(new PermanentException("Kafka refuses a record", null));
        case Outcome.NotificationRefused _ -> notified = false;
        case Outcome.NotificationsAway(var cause) -> {
          notified = false;
          saysNotifications(true, cause);
        }
      }
    }
  }

  /// Asked again before each try: a source whose first portion was refused goes on with none.
  private static void leaveOutOthers(List<Waiting> turn) {
    turn.removeIf(waiting -> {
      boolean isOurs = waiting.portion.isOurs().getAsBoolean();
      if (!isOurs) {
        waiting.fail(new RetryableException("the source is another's", Duration.ZERO, null));
      }
      return !isOurs;
    });
  }

  private void saysNotifications(boolean away, @Nullable Exception cause) {
    if (away != areNotificationsAway) {
      areNotificationsAway = away;
      log.atWarn()
          .addKeyValue("publisher", transactionalId)
          .setCause(cause)
          .log(away ? "output is published without notifications" : "notifications are taken");
    }
  }

  /// One try at a turn.
  private static final class Sent {
    private final List<Waiting> waiting;
    private final boolean notified;
    private final List<Integer> owners = new ArrayList<>();
    private final long[] last;

    Sent(List<Waiting> waiting, boolean notified) {
      this.waiting = waiting;
      this.notified = notified;
      this.last = new long[waiting.size()];
    }

    Turn turn() {
      var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
      var notifications = new ArrayList<ProducerRecord<byte[], byte[]>>();
      for (int i = 0; i < waiting.size(); i++) {
        last[i] = -1;
        Portion portion = waiting.get(i).portion;
        records.addAll(portion.records());
        for (int n = 0; n < portion.records().size(); n++) {
          owners.add(i);
        }
        if (notified) {
          notifications.addAll(portion.notifications());
        }
      }
      return new Turn(records, notifications, null);
    }

    int ofRecord(int index) {
      return owners.get(index);
    }

    /// Called on the producer's thread, before the commit is answered.
    synchronized void placed(int index, long offset) {
      last[owners.get(index)] = Math.max(last[owners.get(index)], offset);
    }

    synchronized void tell() {
      for (int i = 0; i < waiting.size(); i++) {
        var _ = waiting.get(i).published.complete(new Published(last[i], notified));
      }
    }
  }

  private TransactionalProducer producer() {
    TransactionalProducer open = producer;
    if (open == null) {
      open =
          new TransactionalProducer(
              clients, "output", transactionalId, properties.transactionTimeout());
      producer = open;
      open.fence();
    }
    return open;
  }

  /// Which producer publishes: another one knows nothing of what its predecessor's sources held.
  public int generation() {
    return generation.get();
  }

  private void close() {
    var _ = generation.incrementAndGet();
    TransactionalProducer open = producer;
    producer = null;
    if (open != null) {
      open.close();
    }
  }

  /// Also what waits: it may be of a source that is another's by now.
  private void failAll(List<Waiting> turn, RuntimeException failure) {
    turn.forEach(waiting -> waiting.fail(failure));
    var waiting = new ArrayList<Waiting>();
    queue.drainTo(waiting);
    waiting.forEach(one -> one.fail(failure));
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void stop() {
    thread.stop(PATIENCE);
    failAll(List.of(), new RetryableException("the publisher has stopped", Duration.ZERO, null));
    close();
    codec.close();
  }

  @Override
  public boolean isRunning() {
    return thread.isRunning();
  }

  @Override
  public boolean isAlive() {
    return !thread.isDead();
  }
}
