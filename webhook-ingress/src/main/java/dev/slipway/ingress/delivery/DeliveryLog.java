package dev.slipway.ingress.delivery;

import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.observability.LivenessCheck;
import dev.slipway.web.ApiException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// The topic of deliveries, as far as the ingress needs it: appends records and knows whether that
/// has a chance to succeed.
///
/// A thread of its own does now and then what may block: gets the schema's id (once), asks the
/// cluster for the topic, keeps the producer's metadata warm, and replaces a producer that failed
/// for good. So [#append] never blocks and needs no restart after any outage.
final class DeliveryLog implements SmartLifecycle, LivenessCheck {
  private static final Logger log = LoggerFactory.getLogger(DeliveryLog.class);
  private static final Duration PROBE_INTERVAL = Duration.ofMillis(1_500);
  private static final Duration PROBE_AGAIN = Duration.ofSeconds(1);
  private static final Duration PROBE_PATIENCE = Duration.ofSeconds(1);
  private static final Duration UNREACHABLE_AFTER = Duration.ofSeconds(5);
  private static final Duration SAID_AGAIN = Duration.ofSeconds(1);
  private static final Duration METADATA_PATIENCE = Duration.ofSeconds(1);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(9);

  private final Supplier<Producer<byte[], byte[]>> producers;
  private final TopicProbe probe;
  private final DeliveryCodec codec;
  private final Reachability kafka;

  private final LongAdder replaced = new LongAdder();
  private final LongAdder unacknowledged = new LongAdder();
  private final AtomicLong lastSaidNanos;
  private final LongSupplier nanoClock;

  private volatile boolean schemaKnown;
  private volatile boolean warm;
  private volatile @Nullable Connection connection;
  private boolean saidReachable; // CONFINED: to the thread below
  private final StoppableThread thread =
      new StoppableThread(
          Thread.ofPlatform().name("delivery-log").daemon(), this::tend, PROBE_INTERVAL);

  /// A producer, until it fails for good.
  private static final class Connection {
    final Producer<byte[], byte[]> producer;
    volatile boolean broken;

    Connection(Producer<byte[], byte[]> producer) {
      this.producer = producer;
    }
  }

  DeliveryLog(
      Supplier<Producer<byte[], byte[]>> producers,
      TopicProbe probe,
      DeliveryCodec codec,
      LongSupplier nanoClock) {
    this.producers = producers;
    this.probe = probe;
    this.codec = codec;
    this.nanoClock = nanoClock;
    this.lastSaidNanos = new AtomicLong(nanoClock.getAsLong() - SAID_AGAIN.toNanos());
    this.kafka = new Reachability(UNREACHABLE_AFTER, nanoClock);
  }

  /// Whether Kafka has answered within the last five seconds and records can be sent.
  boolean reachable() {
    return warm && kafka.reachable();
  }

  /// Whether the schema's id is known.
  boolean schemaKnown() {
    return schemaKnown;
  }

  /// How many producers failed for good.
  long replaced() {
    return replaced.sum();
  }

  /// Appends a record.
  ///
  /// @param executor where the answer is continued: the producer's own thread has others to serve
  /// @param told null when all in-sync replicas have the record, else a 503: they did not say so
  ///   within eight seconds
  void append(
      ProducerRecord<byte[], byte[]> entry,
      Executor executor,
      Consumer<@Nullable ApiException> told) {
    Connection current = connection;
    if (current == null || current.broken) {
      told.accept(Refusals.logUnreachable());
      return;
    }
    try {
      var _ =
          current.producer.send(
              entry,
              (_, failure) -> {
                if (failure == null) {
                  kafka.answered();
                } else {
                  note(current, failure);
                }
                ApiException refusal = failure == null ? null : Refusals.notAcknowledged();
                executor.execute(() -> told.accept(refusal));
              });
    } catch (KafkaException | IllegalStateException e) {
      note(current, e);
      told.accept(Refusals.notAcknowledged());
    }
  }

  private void note(Connection connection, Exception failure) {
    boolean passing =
        failure instanceof RetriableException || failure instanceof RecordTooLargeException;
    if (!passing) {
      connection.broken = true;
    }
    unacknowledged.increment();
    long now = nanoClock.getAsLong();
    long said = lastSaidNanos.get();
    if (now - said < SAID_AGAIN.toNanos() || !lastSaidNanos.compareAndSet(said, now)) {
      return; // an outage fails thousands a second, for one reason
    }
    log.atWarn()
        .addKeyValue("records", unacknowledged.sumThenReset())
        .addKeyValue("cause", failure.getClass().getSimpleName())
        .addKeyValue("producer_replaced", !passing)
        .log("records not acknowledged");
  }

  private void tend() {
    prepareSchema();
    boolean answered = probeKafka();
    if (reachable() != saidReachable) {
      saidReachable = !saidReachable;
      log.atWarn().log(saidReachable ? "Kafka is reachable" : "Kafka is unreachable");
    }
    thread.rest(schemaKnown && warm && answered ? PROBE_INTERVAL : PROBE_AGAIN);
  }

  private void prepareSchema() {
    if (schemaKnown) {
      return;
    }
    try {
      codec.prepare();
      schemaKnown = true;
    } catch (RetryableException | PermanentException e) {
      log.atWarn().addKeyValue("cause", e.getMessage()).log("schema id not known yet");
    }
  }

  private boolean probeKafka() {
    try {
      Connection current = usable();
      boolean answered = probe.answers();
      if (answered) {
        kafka.answered();
      }
      warm = knowsPartitions(current.producer);
      return answered;
    } catch (KafkaException | IllegalStateException _) {
      warm = false; // the next round tries again
      return false;
    }
  }

  /// Metadata that nobody asks for is forgotten, and the next send would find none. The producer
  /// never waits for it (see its `max.block.ms`), so this does.
  private boolean knowsPartitions(Producer<?, ?> producer) {
    long deadline = System.nanoTime() + METADATA_PATIENCE.toNanos();
    while (true) {
      try {
        return !producer.partitionsFor(probe.topic()).isEmpty();
      } catch (TimeoutException _) {
        if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
          return false;
        }
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      }
    }
  }

  private Connection usable() {
    Connection current = connection;
    if (current != null && !current.broken) {
      return current;
    }
    if (current != null) {
      current.producer.close(Duration.ZERO);
      replaced.increment();
    }
    warm = false;
    Connection fresh = new Connection(producers.get());
    connection = fresh;
    return fresh;
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void stop() {
    thread.stop(PROBE_PATIENCE);
    Connection current = connection;
    if (current != null) {
      current.producer.close(CLOSE_TIMEOUT);
    }
    probe.close();
  }

  @Override
  public boolean isRunning() {
    return thread.isRunning();
  }

  @Override
  public boolean isAlive() {
    return !thread.isDead();
  }

  /// Starts before the web server and stops after it, so that what is in flight gets its answer.
  @Override
  public int getPhase() {
    return 0;
  }
}
