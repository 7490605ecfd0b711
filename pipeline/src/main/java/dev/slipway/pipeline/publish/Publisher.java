package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.error.Backoff;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.Membership;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.observability.LivenessCheck;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Publishes what its source has, each record exactly once for whoever reads committed records, and
/// in the source's order. Of all instances one leads; it sends the records of a turn and a
/// checkpoint that names them in one Kafka transaction. The next leader fences it, reads the last
/// committed checkpoint, and so knows exactly what is published.
///
/// | what goes wrong | what happens |
/// |---|---|
/// | killed or paused before the commit | the next leader's fencing undoes the transaction; its turn comes again |
/// | killed or paused after the commit | the next leader finds the checkpoint |
/// | Kafka away, or a commit that nobody answers | leads anew: fencing and the checkpoint tell what came of it |
/// | the source's database or the registry away | waits, backing off, and goes on leading |
/// | fenced | takes part in the choice again as a newcomer |
/// | a record that Kafka refuses for ever | ERROR, and `slipway.publisher.held.back`; the source decides |
/// | `notifications` alone away | the records are published without; the source decides |
public final class Publisher implements SmartLifecycle, LivenessCheck {
  private static final Logger log = LoggerFactory.getLogger(Publisher.class);
  private static final Duration SLICE = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final PublisherSource source;
  private final KafkaClients clients;
  private final Membership membership;
  private final PublisherProperties properties;
  private final PublisherMetrics metrics;
  private final StoppableThread thread;

  /// One for all lives: what its serdes know of the registry is known to the next life too.
  private final Checkpoints checkpoints;

  private volatile boolean leads;

  // CONFINED: to the publisher's thread
  private final Backoff backoff;
  private boolean waiting;

  Publisher(
      PublisherSource source,
      KafkaClients clients,
      Membership membership,
      PublisherProperties properties,
      PublisherMetrics metrics) {
    this.source = source;
    this.clients = clients;
    this.membership = membership;
    this.properties = properties;
    this.metrics = metrics;
    this.backoff = new Backoff(properties.minBackoff(), properties.maxBackoff());
    this.thread =
        new StoppableThread(
            Thread.ofVirtual().name(source.name()),
            this::live,
            properties.maxBackoff(),
            source::wake);
    this.checkpoints =
        new Checkpoints(
            clients,
            source.name() + "-checkpoints",
            clients.topicNames().of(source.checkpoints()),
            transactionalId());
  }

  @Override
  public void start() {
    thread.start();
  }

  /// Lets the turn at hand come to its end. What it has not published, the next leader does.
  @Override
  public void stop() {
    thread.stop(PATIENCE);
    checkpoints.close();
    source.close();
  }

  @Override
  public boolean isRunning() {
    return thread.isRunning();
  }

  @Override
  public boolean isAlive() {
    return !thread.isDead();
  }

  /// Whether this instance is the one that publishes, as far as it knows.
  boolean isLeader() {
    return leads;
  }

  private void live() {
    try {
      oneLife();
    } catch (FencedException e) {
      log.atWarn().addKeyValue("publisher", source.name()).setCause(e).log("publisher fenced");
      thread.rest(properties.maxBackoff());
    } catch (RetryableException e) {
      thread.rest(failed(e));
    }
  }

  /// One membership: waits for the lead, leads, waits again.
  private void oneLife() {
    try (var leadership =
        new Leadership(
            clients, source.name(), membership, clients.topicNames().of(source.checkpoints()))) {
      while (!thread.isStopping()) {
        leadership.keep(SLICE);
        if (leadership.isHeld()) {
          try {
            lead(leadership);
          } catch (RetryableException e) {
            idle(leadership, failed(e));
          }
        }
      }
    }
  }

  private String transactionalId() {
    return clients.topicNames().prefix() + source.name();
  }

  private void lead(Leadership leadership) {
    try (var producer =
        new TransactionalProducer(
            clients, source.name(), transactionalId(), properties.transactionTimeout())) {
      producer.fence();
      source.resume(checkpoints.last());
      lead(true);
      while (!thread.isStopping() && leadership.isHeld()) {
        turn(leadership, producer);
        leadership.keep(Duration.ZERO);
      }
      if (leadership.isHeld()) {
        source.finish();
      }
    } finally {
      lead(false);
      source.rest();
    }
  }

  private void lead(boolean now) {
    if (now != leads) {
      leads = now;
      metrics.leads(now);
      log.atInfo()
          .addKeyValue("publisher", source.name())
          .log(now ? "publisher leads" : "publisher leads no more");
    }
  }

  private void turn(Leadership leadership, TransactionalProducer producer) {
    Turn turn;
    ProducerRecord<byte[], byte[]> checkpoint;
    long began = System.nanoTime();
    try {
      turn = source.next();
      metrics.source(source.waiting(), source.heldBack());
      checkpoint = turn.checkpoint() == null ? null : checkpoints.record(turn.checkpoint());
    } catch (RetryableException e) {
      // no transaction is open: the lead can be kept
      idle(leadership, failed(e));
      return;
    }
    if (checkpoint != null) {
      source.told(publish(turn, checkpoint, producer));
      thread.rest(properties.pace().minusNanos(System.nanoTime() - began));
    }
    recovered();
  }

  private Outcome publish(
      Turn turn, ProducerRecord<byte[], byte[]> checkpoint, TransactionalProducer producer) {
    Timer.Sample sample = metrics.begin();
    try {
      Outcome outcome = producer.publish(turn, checkpoint);
      if (outcome instanceof Outcome.Committed) {
        metrics.published(turn.records().size());
      }
      return outcome;
    } finally {
      metrics.ended(sample);
    }
  }

  /// Publishes nothing for a while, but stays a member.
  private void idle(Leadership leadership, Duration pause) {
    long until = System.nanoTime() + pause.toNanos();
    while (!thread.isStopping() && System.nanoTime() - until < 0) {
      leadership.keep(SLICE);
    }
  }

  private Duration failed(RetryableException failure) {
    if (!waiting) {
      waiting = true;
      log.atWarn().addKeyValue("publisher", source.name()).setCause(failure).log("publisher waits");
    }
    return backoff.next(failure);
  }

  private void recovered() {
    backoff.reset();
    if (waiting) {
      waiting = false;
      log.atInfo().addKeyValue("publisher", source.name()).log("publisher goes on");
    }
  }
}
