package dev.slipway.pipeline.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.embedded.SharedPostgres;
import dev.slipway.pipeline.database.Flight.Answer;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.security.Secret;
import io.r2dbc.postgresql.codec.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlightIT {
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.123456Z");
  private static final UUID ID = UUID.fromString("00000000-0000-7000-8000-000000000001");

  private static Database database;

  @BeforeAll
  static void open() {
    Duration limit = Duration.ofSeconds(2);
    var properties =
        new DatabaseProperties(
            new Secret(SharedPostgres.newDatabase()),
            4,
            2,
            limit,
            limit,
            limit,
            limit,
            Duration.ofSeconds(20));
    Migrations.migrate(properties, "ledger");
    database = Database.of(properties, "ledger");
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void forget() {
    // stages of this schema may not delete
    var _ = database.inStage(tx -> tx.update("update ledger set entries = ''"));
  }

  @Test
  void eachOfSeveralStatementsHasItsOwnParametersAndItsOwnAnswer() {
    record Answers(
        Answer<Integer> written,
        Answer<List<String>> rows,
        Answer<Integer> none,
        Answer<List<Integer>> empty) {}

    Answers answers =
        database.inStage(tx ->
            tx.send(flight ->
                new Answers(
                    flight.update(
                        "insert into ledger (name, entries) values (?, ?), (?, ?) on conflict (name) do update set entries = excluded.entries",
                        "several1",
                        "one",
                        "several2",
                        "two"),
                    flight.query(
                        "select entries from ledger where name like ? order by name",
                        row -> Columns.required(row, "entries", String.class),
                        "several%"),
                    flight.update("update ledger set entries = ? where name = ?", "x", "nobody"),
                    flight.query(
                        "select 1 as one where ? = 2",
                        row -> Columns.required(row, "one", Integer.class),
                        1))));

    assertThat(answers.written.get()).isEqualTo(2);
    assertThat(answers.rows.get()).containsExactly("one", "two");
    assertThat(answers.none.get()).isZero();
    assertThat(answers.empty.get()).isEmpty();
  }

  @Test
  void anAnswerIsNotThereBeforeTheFlightIsBack() {
    List<Integer> found =
        database.inStage(tx ->
            tx.send(
                    flight -> {
                      Answer<List<Integer>> one =
                          flight.query(
                              "select 1 as one",
                              row -> Columns.required(row, "one", Integer.class));
                      assertThatThrownBy(one::get).isInstanceOf(IllegalStateException.class);
                      return one;
                    })
                .get());

    assertThat(found).containsExactly(1);
  }

  @Test
  void aFlightWithoutStatementsAnswersNothing() {
    String answer = database.inStage(tx -> tx.send(_ -> "nothing"));

    assertThat(answer).isEqualTo("nothing");
  }

  @Test
  void arraysOfEveryTypeAndWithNullsCarryTheirElements() {
    assertThat(sent("text", new @Nullable String[] {"a", null, "{\"x\\\", y}", ""}, String[].class))
        .containsExactly("a", null, "{\"x\\\", y}", "");
    assertThat(sent("uuid", new @Nullable UUID[] {ID, null}, UUID[].class))
        .containsExactly(ID, null);
    assertThat(sent("bigint", new @Nullable Long[] {Long.MIN_VALUE, null}, Long[].class))
        .containsExactly(Long.MIN_VALUE, null);
    assertThat(sent("int", new @Nullable Integer[] {7, null}, Integer[].class))
        .containsExactly(7, null);
    assertThat(sent("boolean", new @Nullable Boolean[] {true, null, false}, Boolean[].class))
        .containsExactly(true, null, false);
    assertThat(sent("text", new String[0], String[].class)).isEmpty();
  }

  @Test
  void arraysOfBytesAndOfTimesAreUnnestedAsTheyWere() {
    byte[] bytes = {0, 1, -1, 92, 39};

    List<byte @Nullable []> blobs =
        database.inStage(tx ->
            tx
                .<Blob>query(
                    "select v from unnest(?::bytea[]) with ordinality as k (v, n) order by n",
                    row -> new Blob(row.get("v", byte[].class)),
                    (Object) new byte @Nullable [][] {bytes, null, {}})
                .stream()
                .<byte @Nullable []>map(Blob::bytes)
                .toList());
    List<Moment> times =
        database.inStage(tx ->
            tx.query(
                "select v from unnest(?::timestamptz[]) with ordinality as k (v, n) order by n",
                row -> new Moment(row.get("v", Instant.class)),
                (Object) new @Nullable Instant[] {TIME, null}));

    assertThat(blobs).containsExactly(bytes, null, new byte[0]);
    assertThat(times).containsExactly(new Moment(TIME), new Moment(null));
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared as a record
  private record Blob(byte @Nullable [] bytes) {}

  private record Moment(@Nullable Instant time) {}

  @Test
  void singleValuesOfEveryTypeComeBackAsTheyWent() {
    byte[] bytes = {0, -1};
    String sql =
        """
        select ?::text as text, ?::uuid as id, ?::bigint as large, ?::int as number, ?::smallint as small,
          ?::boolean as flag, ?::timestamptz as at, ?::bytea as bytes, ?::jsonb as json
        """;

    List<List<@Nullable Object>> rows =
        database.inStage(tx ->
            tx.query(
                sql,
                row -> {
                  Json json = row.get("json", Json.class);
                  return Arrays.<@Nullable Object>asList(
                      row.get("text", String.class),
                      row.get("id", UUID.class),
                      row.get("large", Long.class),
                      row.get("number", Integer.class),
                      row.get("small", Short.class),
                      row.get("flag", Boolean.class),
                      row.get("at", Instant.class),
                      row.get("bytes", byte[].class),
                      json == null ? null : json.asString());
                },
                "té?xt",
                ID,
                5L,
                6,
                (short) 7,
                true,
                TIME,
                bytes,
                "{\"a\": 1}"));

    assertThat(rows)
        .singleElement()
        .satisfies(row ->
            assertThat(row)
                .containsExactly("té?xt", ID, 5L, 6, (short) 7, true, TIME, bytes, "{\"a\": 1}"));
  }

  @Test
  void singleNullsOfEveryTypeComeBackAsNulls() {
    List<Boolean> nulls =
        database.inStage(tx ->
            tx.query(
                "select ?::text as text, ?::uuid as id, ?::timestamptz as at, ?::bytea as bytes, ?::bigint as large",
                row ->
                    row.get("text", String.class) == null
                        && row.get("id", UUID.class) == null
                        && row.get("at", Instant.class) == null
                        && row.get("bytes", byte[].class) == null
                        && row.get("large", Long.class) == null,
                null,
                null,
                null,
                null,
                null));

    assertThat(nulls).containsExactly(true);
  }

  @Test
  void anErrorInTheMiddleUndoesWhatStoodBeforeItAndTheNextTransactionIsGood() {
    var _ = database.inStage(tx -> tx.update(UPSERT, "middle", "before"));

    assertThatThrownBy(() ->
            database.inStage(tx -> {
              tx.fly(flight -> {
                var _ = flight.update(UPSERT, "middle", "within");
                var _ =
                    flight.query(
                        "select 1 / ?", row -> Columns.required(row, "x", Integer.class), 0);
                var _ = flight.update(UPSERT, "middle", "behind");
              });
              return true;
            }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(entries("middle")).containsExactly("before");
  }

  @Test
  void workThatThrowsUndoesWhatItWrote() {
    var _ = database.inStage(tx -> tx.update(UPSERT, "thrown", "before"));

    assertThatThrownBy(() ->
            database.inStage(tx -> {
              var _ = tx.update(UPSERT, "thrown", "within");
              throw new IllegalArgumentException("once");
            }))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(entries("thrown")).containsExactly("before");
  }

  @Test
  void aRowThatSomebodyElseHasMadeIsAConflict() {
    var _ = database.inStage(tx -> tx.update(UPSERT, "taken", "first"));

    assertThatThrownBy(() ->
            database.inStage(tx ->
                tx.update("insert into ledger (name, entries) values (?, ?)", "taken", "second")))
        .isInstanceOf(ConflictException.class);
  }

  @Test
  void whatTakesTooLongIsTold() {
    assertThatThrownBy(() -> database.inStage(tx -> tx.query("select pg_sleep(60)", _ -> true)))
        .isInstanceOf(StatementTimeoutException.class);
  }

  @Test
  void aConnectionThatIsCutIsReplaced() {
    assertThatThrownBy(() ->
            database.inStage(
                tx -> tx.query("select pg_terminate_backend(pg_backend_pid())", _ -> true)))
        .isInstanceOf(RetryableException.class);

    List<Boolean> next = database.inStage(tx -> tx.query("select 1", _ -> true));

    assertThat(next).containsExactly(true);
  }

  /// One statement that were planned and run at once with the other would not see it.
  @Test
  void aReadBehindALockOfTheSameFlightSeesWhatTheLockWaitedFor() throws InterruptedException {
    var _ = database.inStage(tx -> tx.update(UPSERT, "locked", "before"));
    var locked = new CountDownLatch(1);
    var asked = new CountDownLatch(1);
    var first =
        CompletableFuture.runAsync(() -> {
          var _ =
              database.inStage(tx -> {
                int written = tx.update(UPSERT, "locked", "after");
                locked.countDown();
                awaitWaiter(asked);
                return written;
              });
        });
    locked.await();

    List<String> read =
        database.inStage(tx -> {
          asked.countDown();
          return tx.send(
                  flight -> {
                    var _ =
                        flight.query(
                            "select name from ledger where name = ? for update",
                            _ -> true,
                            "locked");
                    return flight.query(
                        "select entries from ledger where name = ?",
                        row -> Columns.required(row, "entries", String.class),
                        "locked");
                  })
              .get();
        });

    first.join();
    assertThat(read).containsExactly("after");
  }

  /// Until somebody waits for a lock in this database.
  private static void awaitWaiter(CountDownLatch asked) {
    try {
      asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    await()
        .until(
            () ->
                database
                    .inStage(tx ->
                        tx.query(
                            "select 1 from pg_locks where not granted and locktype = 'transactionid'",
                            _ -> true))
                    .isEmpty(),
            Boolean.FALSE::equals);
  }

  private static final String UPSERT =
      """
      insert into ledger (name, entries) values (?, ?)
      on conflict (name) do update set entries = excluded.entries
      """;

  private static List<String> entries(String name) {
    return database.inStage(tx ->
        tx.query(
            "select entries from ledger where name = ?",
            row -> Columns.required(row, "entries", String.class),
            name));
  }

  private static <T> T sent(String type, Object array, Class<T> as) {
    return database
        .inStage(tx ->
            tx.query(
                "select ?::" + type + "[] as it", row -> Columns.required(row, "it", as), array))
        .getFirst();
  }
}
