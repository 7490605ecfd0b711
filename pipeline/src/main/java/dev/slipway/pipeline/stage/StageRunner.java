package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.observability.LivenessCheck;
import dev.slipway.pipeline.observability.ReadinessCheck.Finding;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.stage.Request.Answer;
import dev.slipway.schemas.Ids;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/// Runs one stage for as long as the application lives, through every absence of Kafka and
/// Postgres: its doors put what comes in into one queue, its committers settle that, a transaction
/// a turn.
///
/// | what goes wrong | what happens |
/// |---|---|
/// | database, registry or Kafka away | what is at hand waits, backing off; the partitions stay ours |
/// | record unreadable for ever, or deciding it is a bug | dead letter with its cause; the partition goes on |
/// | one record after the other | the stage stops with an alarm |
/// | the log lost records that were not seen | the same |
public final class StageRunner<S, I, E> implements SmartLifecycle, LivenessCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration WAITING_IS_READY = Duration.ofSeconds(30);

  private final Stage<S, I, E> stage;
  private final ServiceSchema schema;
  private final KafkaClients clients;
  private final StageProperties properties;
  private final StageMetrics metrics;
  private final Traces traces;
  private final Clock clock;
  private final Rewinds rewinds;
  private final StageQueue<S, I, E> queue;
  private final Burials burials;
  private final Condition beginning;
  private final StoppableThread thread;
  private volatile @Nullable Running<I> running;

  /// @param schema the service's
  public StageRunner(
      Stage<S, I, E> stage,
      ServiceSchema schema,
      KafkaClients clients,
      StageProperties properties,
      MeterRegistry meters,
      Traces traces,
      Clock clock) {
    this.stage = stage;
    this.schema = schema;
    this.clients = clients;
    this.properties = properties;
    this.metrics = new StageMetrics(meters, stage.name(), properties.concurrency());
    this.traces = traces;
    this.clock = clock;
    this.rewinds = new Rewinds(stage.name(), metrics, clock);
    this.queue =
        new StageQueue<>(
            properties.maxBatch(),
            properties.maxWaiting(),
            properties.pace(),
            properties.quietPace());
    this.burials = new Burials(properties.maxBuried());
    this.beginning = new Condition(stage.name(), clock);
    this.thread =
        new StoppableThread(
            Thread.ofVirtual().name(stage.name()), this::begin, properties.maxBackoff());
  }

  /// What runs once the database has told the stage's key.
  private record Running<I>(
      List<StoppableThread> threads, List<Condition> conditions, OperationDoor<I> operations) {}

  /// The stage that it runs.
  public Stage<S, I, E> stage() {
    return stage;
  }

  /// Where its rows are.
  public ServiceSchema schema() {
    return schema;
  }

  /// How it reaches Kafka.
  public KafkaClients clients() {
    return clients;
  }

  public StageProperties properties() {
    return properties;
  }

  /// The stage's name.
  public String name() {
    return stage.name();
  }

  /// The way to its rows.
  public Database database() {
    return schema.database();
  }

  /// Asks something of an aggregate.
  ///
  /// @return the answer once it is committed. It fails with what the answering threw, with
  ///   [KeyReusedException] or [KeyInUseException], or with [RetryableException] when nobody can
  ///   tell whether it happened or the stage takes no more
  public CompletableFuture<Answer> request(Request<S, I, E> request) {
    var answer = new CompletableFuture<Answer>();
    Duration timeout = properties.requestTimeout();
    try {
      queue.ask(
          new Ask.Requested<>(Ids.fresh(), request, answer, System.nanoTime() + timeout.toNanos()));
    } catch (RetryableException e) {
      return CompletableFuture.failedFuture(e);
    }
    return answer
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(failure ->
            CompletableFuture.failedFuture(
                failure instanceof TimeoutException
                    ? new RetryableException(
                        "the stage does not answer: check that its database does",
                        Duration.ofSeconds(1),
                        failure)
                    : failure));
  }

  /// The door of outcomes; empty while the stage is starting.
  public Optional<OperationDoor<I>> operations() {
    return Optional.ofNullable(running).map(Running::operations);
  }

  /// How it is doing: as its worst thread.
  public StageHealth health() {
    Running<I> now = running;
    if (thread.isDead()
        || (now != null && now.threads.stream().anyMatch(StoppableThread::isDead))) {
      return StageHealth.DEAD;
    }
    return conditions()
        .map(Condition::health)
        .max(Comparator.naturalOrder())
        .orElse(StageHealth.STARTING);
  }

  private Stream<Condition> conditions() {
    Running<I> now = running;
    return now == null ? Stream.of(beginning) : now.conditions.stream();
  }

  /// What `/readyz` says of it. A stage that waits for a moment is as ready as what it waits for,
  /// which other checks tell.
  Finding finding() {
    return switch (health()) {
      case RUNNING -> rewinds.tell().map(Finding::degraded).orElseGet(Finding::up);
      case WAITING ->
          conditions()
                  .filter(condition -> condition.health() == StageHealth.WAITING)
                  .anyMatch(condition -> condition.lasting().compareTo(WAITING_IS_READY) > 0)
              ? down(
                  "has waited for more than 30 s for its database, for Kafka or for the registry:"
                      + " its log says which")
              : rewinds.tell().map(Finding::degraded).orElseGet(Finding::up);
      case STARTING ->
          down("is starting: it waits for its consumer group, and for answers about its topics");
      case IDLE ->
          down(
              "owns no partition, and nobody else is in its consumer group: look at its topics, then"
                  + " restart it");
      case FAILING -> down("cannot begin, and nothing that is away explains it: its log says why");
      case BURYING ->
          down(
              "has stopped, because one record after the other became a dead letter: mend what its log"
                  + " says, then restart it; `slipway dlt requeue` brings back what was buried");
      case STOPPED ->
          down(
              "has stopped, because records were lost before it saw them: bring them back, or accept"
                  + " the loss by moving its position (docs/ARCHITECTURE.md, What a position means)");
      case DEAD -> down("has died of an error that only a restart of the process mends");
    };
  }

  private Finding down(String what) {
    return Finding.down("Stage %s %s.".formatted(name(), what));
  }

  private void begin() {
    if (running == null) {
      try {
        short id = database().inStage(transaction -> StagePositions.stageId(transaction, name()));
        stage.prepare();
        Running<I> now = threads(id);
        running = now;
        now.threads.forEach(StoppableThread::start);
      } catch (RetryableException e) {
        beginning.waits(e);
        thread.rest(properties.maxBackoff());
        return;
      } catch (RuntimeException e) {
        beginning.is(StageHealth.FAILING);
        throw e;
      }
    }
    thread.rest(Duration.ofHours(1));
  }

  private Running<I> threads(short id) {
    var transaction =
        new StageTransaction<>(database(), stage, id, Positions.ofStage(id), Mode.LIVE, null);
    var process =
        new StageProcess<>(
            stage,
            RecordReader.of(stage, clients.topicNames()),
            queue,
            transaction,
            burials,
            new Shares(properties.concurrency()),
            metrics,
            properties,
            traces,
            clock);
    var threads = new ArrayList<StoppableThread>();
    var conditions = new ArrayList<Condition>();
    var deadlines = new DeadlineDoor<>(name(), id, queue, database(), properties);
    var operations = new OperationDoor<>(database(), id, queue);
    var wakes =
        new Committer.Wakes() {
          @Override
          public void outputs() {
            schema.wakeup().give();
          }

          @Override
          public void operations(List<UUID> cancelled) {
            operations.wake(cancelled);
          }

          @Override
          public void deadline(Instant at) {
            deadlines.set(at);
          }
        };
    if (stage.deadlines() != null || stage.links() != null) {
      threads.add(deadlines.thread());
    }
    boolean reads = !stage.topics().isEmpty();
    if (reads) {
      threads.add(new RequeueDoor<>(process, clients, database(), id, wakes).thread());
    }
    for (int number = 0; number < properties.concurrency(); number++) {
      var committer = new Committer<>(process, wakes, number);
      threads.add(committer.thread());
      conditions.add(committer.condition());
      if (reads) {
        var door = new DoorThread<>(process, clients, database(), rewinds, id, number);
        threads.add(door.thread());
        conditions.add(door.condition());
      }
    }
    return new Running<>(threads, conditions, operations);
  }

  @Override
  public void start() {
    thread.start();
  }

  /// Lets the turn at hand come to its end.
  @Override
  public void stop() {
    stop(PATIENCE);
  }

  /// @param patience how long the turn at hand may take; then it is given up, and nothing of it has
  ///   happened
  void stop(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    thread.stop(patience);
    Running<I> now = running;
    List<StoppableThread> threads = now == null ? List.of() : now.threads;
    threads.forEach(StoppableThread::beginStop);
    var stopping =
        new RetryableException("the stage is being stopped", Duration.ofSeconds(1), null);
    queue.close().forEach(ask -> Settler.refuse(ask, stopping));
    threads.forEach(each -> each.stop(Duration.ofNanos(Math.max(1, end - System.nanoTime()))));
  }

  @Override
  public boolean isRunning() {
    return thread.isRunning();
  }

  @Override
  public boolean isAlive() {
    return health() != StageHealth.DEAD;
  }
}
