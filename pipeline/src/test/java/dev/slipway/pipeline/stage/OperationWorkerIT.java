package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.operation.Act;
import dev.slipway.pipeline.operation.Lease;
import dev.slipway.pipeline.operation.OperationWorker;
import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.pipeline.operation.WorkerProperties;
import dev.slipway.pipeline.stage.Job.Happened;
import dev.slipway.pipeline.stage.Job.Told;
import dev.slipway.schemas.Ids;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Operations under every kind of loss: each call is made once, and its outcome counts once.
@Tag("integration")
@Timeout(60)
class OperationWorkerIT {
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofMinutes(1);

  private JobWorld world;
  private StageRunner<Job, Told, Happened> runner;
  private UUID job;
  private final Outside outside = new Outside();
  private final Deque<Runnable> toClose = new ArrayDeque<>();

  @BeforeEach
  void create() {
    world = new JobWorld();
    runner = world.run();
    job = begin();
  }

  @AfterEach
  void close() {
    outside.gate.countDown();
    toClose.forEach(Runnable::run);
    world.close();
  }

  /// What is outside: it remembers what was done, as a sandbox does.
  private static final class Outside {
    private final Map<UUID, String> done = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final Semaphore entered = new Semaphore(0);

    /// Looks first, then acts.
    Outcome<Told> act(LeasedOperation operation, Lease<Told> lease) throws InterruptedException {
      String what = what(operation);
      if (lease.isCancelled() && !done.containsKey(operation.id())) {
        return new Outcome.Cancelled<>(new Told.Worked("cancelled " + what), null);
      }
      if (operation.note() != null) {
        notes.add(operation.note());
      }
      if (!done.containsKey(operation.id())) {
        call(operation.id(), what);
      }
      if (what.contains("long")) {
        lease.note("{\"at\": 7}");
        lease.progressed(new Told.Note("began " + what));
        entered.release();
        while (!lease.isCancelled() && gate.getCount() > 0) {
          if (lease.isDraining()) {
            throw new InterruptedException("left to others");
          }
          lease.await(Duration.ofMillis(20));
        }
        if (lease.isCancelled()) {
          return new Outcome.Cancelled<>(new Told.Worked("stopped " + what), "{\"half\": true}");
        }
      }
      return new Outcome.Succeeded<>(new Told.Worked(what), null);
    }

    void call(UUID id, String what) {
      calls.add(what);
      done.put(id, what);
    }

    static String what(LeasedOperation operation) {
      return operation.request().replaceAll(".*\"what\": \"(.*)\".*", "$1");
    }
  }

  private static WorkerProperties properties(Duration lease) {
    return properties(lease, Duration.ofMillis(20));
  }

  private static WorkerProperties properties(Duration lease, Duration maxBackoff) {
    Duration milli = Duration.ofMillis(1);
    return new WorkerProperties(
        20,
        20,
        lease,
        milli.multipliedBy(20),
        milli.multipliedBy(20),
        milli.multipliedBy(5),
        maxBackoff,
        milli.multipliedBy(5_000));
  }

  private OperationWorker<Told> worker(Act<Told> act) {
    var worker =
        new OperationWorker<>(
            runner, "worker", act, properties(Duration.ofSeconds(10)), Clock.systemUTC());
    worker.start();
    toClose.push(worker::stop);
    return worker;
  }

  private OperationDoor<Told> door() {
    return runner.operations().orElseThrow();
  }

  private UUID begin() {
    return UUID.fromString(
        JobWorld.get(runner.request(JobWorld.beginning(null, new Told.Begin(null, null, false))))
            .location());
  }

  private void ask(Told told) {
    var _ = JobWorld.get(runner.request(JobWorld.request(null, JobWorld.job(job), told)));
  }

  /// Asks for an operation.
  private UUID work(String what) {
    UUID id = Ids.fresh();
    ask(new Told.CallAs(id, what));
    return id;
  }

  private List<String> states() {
    return world.texts(
        "select concat_ws(' ', state, failure_code, result::text) as v from operation order by operation_no");
  }

  private void awaitStates(String... states) {
    await().atMost(JobWorld.PATIENCE).until(this::states, List.of(states)::equals);
  }

  @Test
  void whatWasKilledBeforeItsCallIsMadeByAnother() {
    UUID id = work("it");
    LeasedOperation killed = door().lease("killed", 0, 10, SHORT).getFirst();

    worker(outside::act);

    awaitStates("SUCCEEDED");
    assertThat(killed.id()).isEqualTo(id);
    assertThat(outside.calls).containsExactly("it");
    world.awaitLog(job, "asked it", "worked it");
  }

  @Test
  void whatWasKilledAfterItsCallIsFoundAndNotMadeAgain() {
    work("it");
    LeasedOperation killed = door().lease("killed", 0, 10, SHORT).getFirst();
    outside.call(killed.id(), "it");

    worker(outside::act);

    awaitStates("SUCCEEDED");
    assertThat(outside.calls).containsExactly("it");
    world.awaitLog(job, "asked it", "worked it");
  }

  @Test
  void aPausedOwnerThatWakesUpWritesNothing() {
    work("it");
    LeasedOperation paused = door().lease("paused", 0, 10, SHORT).getFirst();
    worker(outside::act);
    awaitStates("SUCCEEDED");

    boolean progressed = door().progressed(paused, new Told.Note("late progress")).join();
    boolean succeeded = door().succeeded(paused, new Told.Worked("late"), null, null).join();
    boolean failed =
        door().failed(paused, new Failure("late", "Late.", false), null, null, null).join();
    boolean given = door().giveBack(paused, "{}", Duration.ZERO);
    Map<UUID, Boolean> kept = door().keep(Map.of(paused, "{}"), LONG);

    assertThat(List.of(progressed, succeeded, failed, given)).containsOnly(false);
    assertThat(kept).isEmpty();
    assertThat(states()).containsExactly("SUCCEEDED");
    world.awaitLog(job, "asked it", "worked it");
  }

  /// What takes longer than a lease, and goes on while its worker is paused.
  @Test
  void whatIsHeldForLongerIsNotGivenToAnotherByAHeartbeat() {
    work("it");
    LeasedOperation first = door().lease("first", 0, 10, SHORT).getFirst();

    var _ = door().keep(Map.of(first, "{}"), LONG);
    var _ = door().keep(Map.of(first, "{}"), SHORT); // as a heartbeat does

    assertThat(door().lease("second", 0, 10, SHORT)).isEmpty();
    assertThat(door().succeeded(first, new Told.Worked("it"), null, null).join()).isTrue();
    assertThat(states()).containsExactly("SUCCEEDED");
  }

  @Test
  void aWorkerHoldsForLongerWhatIsStillHisOwn() {
    work("it");
    var held = new ConcurrentLinkedQueue<String>();
    var _ =
        worker((operation, lease) -> {
          lease.holdFor(LONG);
          held.add(told("select (leased_until > clock_timestamp() + interval '50 seconds')::text"));
          world.execute("update operation set epoch = epoch + 1, worker = 'another'");
          try {
            lease.holdFor(LONG);
          } catch (InterruptedException _) {
            held.add("another's");
          }
          return outside.act(operation, lease);
        });

    await().atMost(JobWorld.PATIENCE).until(() -> held.size() == 2);

    assertThat(held).containsExactly("true", "another's");
  }

  private String told(String select) {
    return world
        .database()
        .inStage(transaction ->
            transaction.query(
                select + " as v from operation", row -> Columns.required(row, "v", String.class)))
        .getFirst();
  }

  @Test
  void aWorkerLearnsThatItsLeaseIsAnothersAndPutsItDown() {
    work("long");
    var leaving = new CountDownLatch(1);
    var _ =
        worker((operation, lease) -> {
          try {
            return outside.act(operation, lease);
          } finally {
            leaving.countDown();
          }
        });
    outside.entered.acquireUninterruptibly();

    world.execute("update operation set epoch = epoch + 1, worker = 'another'");

    await().atMost(JobWorld.PATIENCE).until(() -> leaving.getCount() == 0);
    assertThat(states()).containsExactly("RUNNING");
  }

  @Test
  void aLeaseLapsesByOurOwnClockWhileTheDatabaseSaysNothing() throws Exception {
    work("long");
    var held = new ConcurrentLinkedQueue<Lease<Told>>();
    var left = new CountDownLatch(1);
    var worker =
        new OperationWorker<>(
            runner,
            "worker",
            (operation, lease) -> {
              held.add(lease);
              try {
                return outside.act(operation, lease);
              } finally {
                left.countDown();
              }
            },
            properties(Duration.ofMillis(300)),
            Clock.systemUTC());
    worker.start();
    toClose.push(worker::stop);
    outside.entered.acquireUninterruptibly();

    boolean isLeft =
        world
            .database()
            .inStage(transaction -> {
              int _ = transaction.update("update operation set kind = kind"); // heartbeats wait
              return isOver(left);
            });

    assertThat(isLeft).isTrue();
    assertThat(held.peek()).isNotNull().returns(false, Lease::isHeld);
  }

  private static boolean isOver(CountDownLatch latch) {
    try {
      return latch.await(JobWorld.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatWaitsForEachOtherIsMadeOneByOneInOrderAndTheRestOvertakes() {
    for (int i = 0; i < 5; i++) {
      work("in line " + i);
    }
    work("in line long");
    work("in line last");

    worker(outside::act);
    outside.entered.acquireUninterruptibly();
    work("at once");

    await().atMost(JobWorld.PATIENCE).until(() -> outside.calls.contains("at once"));
    assertThat(outside.calls)
        .containsExactly(
            "in line 0",
            "in line 1",
            "in line 2",
            "in line 3",
            "in line 4",
            "in line long",
            "at once");
    outside.gate.countDown();
    await().atMost(JobWorld.PATIENCE).until(() -> outside.calls.contains("in line last"));
  }

  @Test
  void twoWorkersNeverMakeTwoOfOneAggregateAtOnce() {
    Stream.iterate(0, i -> i + 1).limit(40).forEach(i -> work("in line " + i));

    worker(outside::act);
    worker(outside::act);

    await().atMost(JobWorld.PATIENCE).until(() -> states().stream().allMatch("SUCCEEDED"::equals));
    assertThat(outside.calls)
        .containsExactlyElementsOf(
            Stream.iterate(0, i -> i + 1).limit(40).map(i -> "in line " + i).toList());
  }

  @Test
  void whatIsCancelledBeforeItBeganIsNotMadeAndOvertakesWhatItWaitedFor() {
    work("in line long");
    UUID unwanted = work("in line unwanted");
    worker(outside::act);
    outside.entered.acquireUninterruptibly();

    ask(new Told.Stop(unwanted));

    awaitStates("RUNNING", "CANCELLED");
    assertThat(outside.calls).containsExactly("in line long");
  }

  @Test
  void whatIsCancelledWhileItRunsEndsWithWhatThereWas() {
    UUID id = work("in line long");
    worker(outside::act);
    outside.entered.acquireUninterruptibly();

    ask(new Told.Stop(id));

    awaitStates("CANCELLED {\"half\": true}");
    world.awaitLog(job, "asked in line long", "began in line long", "worked stopped in line long");
  }

  @Test
  void aCancelIsHeardByAWorkerOfAnotherProcess() {
    UUID id = work("in line long");
    worker(outside::act);
    outside.entered.acquireUninterruptibly();

    world.execute(
        "update operation set cancel_requested_at = now() where operation_id = '%s'".formatted(id));

    awaitStates("CANCELLED {\"half\": true}");
  }

  @Test
  void aWorkerThatIsStoppedLeavesItsWordAndAnotherGoesOnAtOnce() {
    work("long");
    OperationWorker<Told> first = worker(outside::act);
    outside.entered.acquireUninterruptibly();

    first.stop();
    worker(outside::act);
    outside.entered.acquireUninterruptibly();
    outside.gate.countDown();

    awaitStates("SUCCEEDED");
    assertThat(outside.notes).containsExactly("{\"at\": 7}");
    assertThat(outside.calls).containsExactly("long");
    // told once more under the second lease, and known
    world.awaitLog(job, "asked long", "began long", "worked long");
  }

  @Test
  void aHeartbeatThatComesLateDoesNotSetBackTheWordThatIsLeftWithTheOutcome() {
    work("it");

    worker((operation, lease) -> {
      lease.noteNow("{\"at\": 2}");
      aHeartbeatComesLate("{\"at\": 1}");
      return outside.act(operation, lease);
    });

    awaitStates("SUCCEEDED");
    assertThat(world.texts("select note->>'at' as v from operation")).containsExactly("2");
  }

  @Test
  void norTheWordThatIsLeftToWhoTriesAgain() {
    work("it");

    worker((operation, lease) -> {
      if (operation.note() != null) {
        return outside.act(operation, lease);
      }
      lease.noteNow("{\"at\": 2}");
      aHeartbeatComesLate("{\"at\": 1}");
      return new Outcome.Later<>(new Failure("unavailable", "Away.", true), Duration.ZERO);
    });

    awaitStates("SUCCEEDED");
    assertThat(outside.notes).containsExactly("{\"at\": 2}");
  }

  private void aHeartbeatComesLate(String note) {
    world.execute("update operation set note = '%s'".formatted(note));
  }

  @Test
  void whatIsAwayIsTriedAgainUntilItIsBack() {
    work("it");
    var tries = new Semaphore(0);
    worker((operation, lease) -> {
      tries.release();
      return tries.availablePermits() < 3
          ? new Outcome.Later<>(new Failure("unavailable", "Away.", true), Duration.ZERO)
          : outside.act(operation, lease);
    });

    awaitStates("SUCCEEDED");
    assertThat(world.number("select epoch::bigint as n from operation")).isEqualTo(3);
  }

  @Test
  void whoTriesAgainWaitsTheLongerTheMoreItWasTriedAndNotTheMoreItWasTakenOver() {
    work("it");
    work("other");
    world.execute("update operation set epoch = 30 where operation_no = 1");
    world.execute("update operation set tries = 30 where operation_no = 2");
    var worker =
        new OperationWorker<>(
            runner,
            "worker",
            (operation, lease) ->
                operation.tries() % 30 == 0
                    ? new Outcome.Later<>(new Failure("unavailable", "Away.", true), Duration.ZERO)
                    : outside.act(operation, lease),
            properties(Duration.ofSeconds(10), Duration.ofHours(1)),
            Clock.systemUTC());
    worker.start();
    toClose.push(worker::stop);

    awaitStates("SUCCEEDED", "QUEUED");
    await()
        .atMost(JobWorld.PATIENCE)
        .until(() ->
            world.number(
                    "select count(*) as n from operation where retry_at > now() + interval '1 minute'")
                == 1);
    assertThat(
            world.texts("select tries || ' ' || epoch as v from operation order by operation_no"))
        .containsExactly("1 32", "31 1");
  }

  @Test
  void whatIsAwayForTooLongHasFailedAndItsAggregateIsTold() {
    work("soon");
    worker((_, _) -> new Outcome.Later<>(new Failure("unavailable", "Away.", true), Duration.ZERO));

    awaitStates("FAILED unavailable");
    world.awaitLog(job, "asked soon", "failed unavailable");
  }

  @Test
  void aBugInAnActFailsThatOperationAlone() {
    work("it");
    work("other");
    worker((operation, lease) -> {
      if (Outside.what(operation).equals("it")) {
        throw new IllegalStateException("a bug");
      }
      return outside.act(operation, lease);
    });

    awaitStates("FAILED internal", "SUCCEEDED");
  }

  @Test
  void anOperationIsKnownByTheIdOfTheRecordThatAskedForIt() {
    UUID id = world.send(JobStage.COMMANDS, job.toString(), "call it");
    worker(outside::act);

    awaitStates("SUCCEEDED");
    assertThat(world.texts("select operation_id::text as v from operation"))
        .containsExactly(id.toString());
  }

  @Test
  void whoAsksUnderTheIdOfAnotherOperationGetsADeadLetter() {
    UUID id = work("it");
    world.send(JobStage.COMMANDS, JobWorld.TENANT, id, job.toString(), "call other");

    await()
        .atMost(JobWorld.PATIENCE)
        .until(() -> world.number("select count(*) as n from dead_letter") == 1);
    assertThat(world.texts("select request->>'what' as v from operation")).containsExactly("it");
  }
}
