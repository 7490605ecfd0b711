package dev.slipway.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.stage.Job.Told;
import dev.slipway.pipeline.stage.Request.Answer;
import dev.slipway.schemas.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each door of a stage, and all four at once.
class FourDoorsIT {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private JobWorld world;

  @BeforeEach
  void create() {
    world = new JobWorld();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aRecordIsDecidedAndItsEventIsNumbered() {
    world.run();
    UUID id = Ids.fresh();
    UUID begin = world.send(JobStage.COMMANDS, id.toString(), "begin");
    world.send(JobStage.COMMANDS, id.toString(), "note one");
    world.send(JobStage.COMMANDS, id.toString(), "note touch");
    world.send(JobStage.COMMANDS, id.toString(), "note two");

    world.awaitLog(id, "one", "touch", "two");

    assertThat(outbox("job.events"))
        .containsExactly("1 job.begun " + id, "2 job.noted " + id, "3 job.noted " + id);
    assertThat(
            world.query(
                "select ce_id from outbox order by outbox_id limit 1",
                row -> Columns.required(row, "ce_id", UUID.class)))
        .containsExactly(Ids.derived(JobStage.NAME, begin, "job.begun", id.toString(), 0));
  }

  @Test
  void aRequestIsAnsweredWithWhatItCameTo() {
    var runner = world.run();

    Answer begun =
        JobWorld.get(
            runner.request(JobWorld.beginning(null, new Told.Begin("build", null, false))));
    UUID id = UUID.fromString(String.valueOf(begun.location()));
    Answer noted = ask(runner, id, new Told.Note("one"));
    Answer again = ask(runner, id, new Told.Note("one"));

    assertThat(List.of(begun.body(), noted.body(), again.body()))
        .containsExactly("version 1", "version 2", "rejected");
    assertThat(world.log(id)).containsExactly("one");
  }

  @Test
  void aDeadlineIsDecidedWhenItIsDue() {
    var runner = world.run();
    UUID id = Ids.fresh();

    ask(runner, id, new Told.Begin(null, soon(), false));

    await().atMost(JobWorld.PATIENCE).until(() -> world.status(id), "OVER"::equals);
    assertThat(world.number("select count(*) as n from deadline")).isZero();
    assertThat(outbox("job.events")).containsExactly("1 job.begun " + id, "2 job.ended " + id);
  }

  @Test
  void anOperationIsLeasedAndItsOutcomeIsDecided() {
    var runner = world.run();
    UUID id = begin(runner);
    ask(runner, id, new Told.Work("it"));

    List<LeasedOperation> leased = operations(runner).lease("worker", 0, 10, LEASE);
    boolean accepted =
        operations(runner)
            .succeeded(leased.getFirst(), new Told.Worked("well"), "{\"exit\":0}", null)
            .join();
    boolean again =
        operations(runner)
            .succeeded(leased.getFirst(), new Told.Worked("twice"), null, null)
            .join();

    assertThat(leased)
        .extracting(LeasedOperation::request)
        .containsExactly("{\"id\": null, \"what\": \"it\"}");
    assertThat(List.of(accepted, again)).containsExactly(true, false);
    assertThat(world.log(id)).containsExactly("asked it", "worked well");
    assertThat(operations()).containsExactly("SUCCEEDED null {\"exit\": 0}");
    assertThat(operations(runner).lease("worker", 0, 10, LEASE)).isEmpty();
    assertThat(outbox("other.commands")).containsExactly("null other.tell " + id);
  }

  @Test
  void aRecordFindsWhoHasTheLink() {
    var runner = world.run();
    UUID one = begin(runner);
    UUID other = begin(runner);
    ask(runner, one, new Told.Take("7"));
    ask(runner, other, new Told.Take("7"));

    world.send(JobStage.NEWS, "7", "fixed");
    world.send(JobStage.NEWS, "8", "nobody's");

    world.awaitLog(one, "fixed");
    world.awaitLog(other, "fixed");
    await()
        .atMost(JobWorld.PATIENCE)
        .until(() -> world.number("select sum(unrouted)::bigint as n from stage_position") == 1);
    assertThat(world.number("select count(*) as n from inbox")).isEqualTo(1);
  }

  @Test
  void allThatStandsOnTheOtherSideOfANewLinkIsToldUnderIdsOfItsOwn() {
    var runner = world.run();
    UUID id = begin(runner);
    world.execute("insert into ticket_news values ('default', '7', 'a'), ('default', '7', 'b')");

    ask(runner, id, new Told.Take("7"));

    world.awaitLog(id, "a", "b");
    assertThat(world.number("select count(distinct ce_id) as n from outbox")).isEqualTo(4);
    assertThat(world.number("select count(*) as n from deadline")).isZero();
  }

  @Test
  void aTurnIsFourFlightsAndFiveWhereItRoutes() {
    try (var proxy = PostgresProxy.to(world.databaseUrl())) {
      var runner = world.run(JobWorld.states(), world.database(proxy.url()));
      UUID id = begin(runner);
      world.send(JobStage.COMMANDS, id.toString(), "note here");
      world.awaitLog(id, "here");
      assertThat(Collections.max(proxy.flights())).isEqualTo(4);

      ask(runner, id, new Told.Take("7")); // who has it is looked up too
      world.send(JobStage.NEWS, "7", "fixed");
      world.awaitLog(id, "here", "fixed");
      await().atMost(JobWorld.PATIENCE).until(() -> Collections.max(proxy.flights()) == 5);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 8}) // one turn at a time, and two
  void allFourAtOnceAnswerWhatIsCommitted(int maxBatch) {
    var runner = world.run(maxBatch);
    UUID id = begin(runner);
    List<CompletableFuture<Answer>> answers = new ArrayList<>();

    for (int number = 0; number < 200; number++) {
      world.send(JobStage.COMMANDS, id.toString(), "note r" + number);
      answers.add(
          runner.request(JobWorld.request(null, JobWorld.job(id), new Told.Note("q" + number))));
      if (number % 20 == 0) {
        answers.add(
            runner.request(JobWorld.request(null, JobWorld.job(id), new Told.Work("w" + number))));
        answers.add(runner.request(JobWorld.beginning(null, new Told.Begin(null, soon(), false))));
      }
    }
    answers.forEach(JobWorld::get);
    operations(runner)
        .lease("worker", 0, 100, LEASE)
        .forEach(leased -> {
          boolean _ =
              operations(runner)
                  .succeeded(leased, new Told.Worked(leased.id().toString()), null, null)
                  .join();
        });

    await().atMost(JobWorld.PATIENCE).until(() -> world.log(id).size() == 200 + 200 + 10 + 10);
    await()
        .atMost(JobWorld.PATIENCE)
        .until(() -> world.number("select count(*) as n from job where status = 'OVER'") == 10);
    assertThat(world.log(id).stream().filter(entry -> entry.startsWith("r")))
        .containsExactlyElementsOf(
            IntStream.range(0, 200).mapToObj(number -> "r" + number).toList());
    assertThat(world.log(id)).doesNotHaveDuplicates();
    assertDense();
  }

  @Test
  void aRequestThatThrowsChangesNothingAndItsKeyMayBeUsedAgain() {
    var runner = world.run();
    UUID id = begin(runner);
    var key = JobWorld.key("k");

    assertThatThrownBy(() ->
            JobWorld.get(
                runner.request(JobWorld.request(key, JobWorld.job(id), new Told.Note("poison")))))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(IllegalStateException.class);
    Answer good =
        JobWorld.get(
            runner.request(JobWorld.request(key, JobWorld.job(id), new Told.Note("good"))));

    assertThat(good.body()).isEqualTo("version 2");
    assertThat(world.log(id)).containsExactly("good");
  }

  @Test
  void aKeyThatIsRepeatedGetsTheFirstAnswerAlsoWithinATurn() {
    var runner = world.run();
    var key = JobWorld.key("k");

    List<CompletableFuture<Answer>> answers =
        IntStream.range(0, 20)
            .mapToObj(
                _ -> runner.request(JobWorld.beginning(key, new Told.Begin("one", null, false))))
            .toList();

    assertThat(answers.stream().map(JobWorld::get).distinct()).hasSize(1);
    assertThat(world.number("select count(*) as n from job")).isEqualTo(1);
    var other =
        new Request.Key(
            key.id(),
            key.tenant(),
            new byte[] {
              1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
              25, 26, 27, 28, 29, 30, 31, 32
            });
    assertThatThrownBy(() ->
            JobWorld.get(
                runner.request(JobWorld.beginning(other, new Told.Begin("two", null, false)))))
        .hasCauseInstanceOf(KeyReusedException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 8})
  void manyClientsAreAnsweredOnceItIsCommittedAndAKeyAlwaysAlike(int maxBatch)
      throws InterruptedException {
    var runner = world.run(maxBatch);
    var answers = new ConcurrentHashMap<Integer, Set<Answer>>();
    var uncommitted = new ConcurrentLinkedQueue<Answer>();
    var next = new AtomicInteger();
    int clients = 64;
    int requests = 600;

    List<Thread> running =
        IntStream.range(0, clients)
            .mapToObj(_ ->
                Thread.ofVirtual()
                    .start(() -> {
                      int number;
                      while ((number = next.getAndIncrement()) < requests) {
                        // every tenth repeats the one before it, which may not be answered yet
                        int asked = number % 10 == 9 ? number - 1 : number;
                        Answer answer =
                            JobWorld.get(
                                runner.request(
                                    JobWorld.beginning(
                                        JobWorld.key("k" + asked),
                                        new Told.Begin("n" + asked, null, false))));
                        answers
                            .computeIfAbsent(asked, _ -> ConcurrentHashMap.newKeySet())
                            .add(answer);
                        UUID id = UUID.fromString(String.valueOf(answer.location()));
                        if (!world.status(id).equals("OPEN")) {
                          uncommitted.add(answer);
                        }
                      }
                    }))
            .toList();
    for (Thread client : running) {
      client.join();
    }

    int keys = requests - requests / 10;
    assertThat(answers).hasSize(keys);
    assertThat(answers.values()).allSatisfy(each -> assertThat(each).hasSize(1));
    assertThat(uncommitted).isEmpty();
    assertThat(world.number("select count(*) as n from job")).isEqualTo(keys);
    assertThat(world.number("select count(*) as n from outbox")).isEqualTo(keys);
  }

  @Test
  void anAggregateOfAnotherTenantIsNotFoundAndItsIdNotGivenTwice() {
    var runner = world.run();
    UUID id = begin(runner);
    var foreign = new AggregateId("acme", id.toString());

    Answer note = JobWorld.get(runner.request(JobWorld.request(null, foreign, new Told.Note("x"))));
    Answer begun =
        JobWorld.get(
            runner.request(JobWorld.request(null, foreign, new Told.Begin(null, null, false))));

    assertThat(List.of(note.body(), begun.body())).containsExactly("rejected", "conflict");
    assertThat(world.log(id)).isEmpty();
    assertThat(world.number("select count(*) as n from job")).isEqualTo(1);
  }

  private void assertDense() {
    assertThat(
            world.number(
                """
                select count(*) as n from (
                  select record_key, max(ce_sequence) - count(*) as gap from outbox
                  where topic = 'job.events' group by record_key) g where gap <> 0
                """))
        .isZero();
    assertThat(
            world.number(
                """
                select count(*) as n from job j where version <> (
                  select count(*) from outbox o where topic = 'job.events' and record_key = job_id::text)
                """))
        .isZero();
  }

  private static OperationDoor<Told> operations(StageRunner<Job, Told, Job.Happened> runner) {
    return runner.operations().orElseThrow();
  }

  private static UUID begin(StageRunner<Job, Told, Job.Happened> runner) {
    Answer begun =
        JobWorld.get(runner.request(JobWorld.beginning(null, new Told.Begin(null, null, false))));
    return UUID.fromString(String.valueOf(begun.location()));
  }

  private static Answer ask(StageRunner<Job, Told, Job.Happened> runner, UUID id, Told told) {
    return JobWorld.get(runner.request(JobWorld.request(null, JobWorld.job(id), told)));
  }

  private static Instant soon() {
    return JobStage.micros(Instant.now().plusMillis(50));
  }

  private List<String> outbox(String topic) {
    return world.texts(
        """
        select coalesce(ce_sequence::text, 'null') || ' ' || ce_type || ' ' || record_key as v
        from outbox where topic = '%s' order by outbox_id
        """
            .formatted(topic));
  }

  private List<String> operations() {
    return world.texts(
        """
        select state || ' ' || coalesce(failure_code, 'null') || ' ' || (result::text) as v
        from operation order by created_at
        """);
  }
}
