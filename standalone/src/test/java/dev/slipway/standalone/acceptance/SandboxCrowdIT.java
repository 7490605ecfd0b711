package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// Many sandboxes at once, none of which sees anything of another.
@Tag("slow")
@ExtendWith(SharedInstallation.class)
class SandboxCrowdIT {
  private static final int CREATED = Integer.getInteger("slipway.crowd.sandboxes", 16);
  private static final int USED = Integer.getInteger("slipway.crowd.used", 8);
  private static final int LINES = 200;
  private static final int TIMES = 3;
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Pattern MARK = Pattern.compile("mark-\\d+-");

  @Test
  void manySandboxesAtOnceSeeNothingOfEachOther(Slipway slipway) {
    Sandboxes sandboxes = new Sandboxes(slipway.api());
    List<Integer> all = IntStream.range(0, CREATED).boxed().toList();

    List<String> ids =
        Crowd.each(all, CREATED, _ -> sandboxes.create(Map.of("metadata", Map.of("of", "crowd"))));

    assertThat(Set.copyOf(ids)).hasSize(CREATED);
    List<Integer> used = all.subList(0, USED);
    List<String> looking =
        Crowd.each(used, USED, n -> sandboxes.begin(ids.get(n), lookAround(mark(n))));
    looking.forEach(operation -> sandboxes.awaitOutput(operation, "begun"));
    List<Integer> put = Crowd.each(used, USED, n -> sandboxes.put(ids.get(n), "go", "").status());
    assertThat(put).containsOnly(200);
    for (int n : used) {
      JsonNode ended = sandboxes.awaitEnd(looking.get(n));
      assertThat(ended.path("result").path("exit_code").asInt(-1)).as("%s", ended).isZero();
      String output = sandboxes.output(looking.get(n), "stdout");
      assertThat(output).contains(mark(n) + " " + LINES + "\n" + mark(n) + "\n" + mark(n));
      assertThat(marks(output)).containsExactly(mark(n));
    }

    updateAllAtOnce(slipway, used.stream().map(ids::get).toList());

    assertThat(Crowd.each(ids, CREATED, id -> sandboxes.end(id).status())).containsOnly(202);
    await()
        .atMost(LONG)
        .until(() ->
            slipway.api().list("/api/v1/sandboxes?limit=200&metadata.of=crowd").stream()
                .allMatch(it -> it.path("state").asString().equals("TERMINATED")));
  }

  /// Lets nobody print before all are there; then shows all that can be seen.
  private static String lookAround(String mark) {
    return """
    echo %1$s > mine; echo %1$s > /tmp/mine
    (exec -a %1$s sleep 600) &
    echo begun
    while [ ! -e go ]; do sleep 0.05; done
    for i in $(seq %2$d); do echo %1$s $i; done
    cat /home/*/mine /tmp/mine; ls -lR /home /tmp; ps -eo args
    cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr '\\0' '\\n'
    kill $!
    """
        .formatted(mark, LINES);
  }

  /// Updates that can be, others that cannot, and the database's connections cut meanwhile: each is
  /// done once or not at all.
  private static void updateAllAtOnce(Slipway slipway, List<String> ids) {
    Sandboxes sandboxes = new Sandboxes(slipway.api());
    Sql sql = Sql.of(slipway);
    var cut = new AtomicInteger();
    List<Integer> numbers = IntStream.range(0, ids.size()).boxed().toList();

    List<Boolean> _ =
        Crowd.each(
            numbers,
            ids.size(),
            n -> {
              for (int i = 0; i < TIMES; i++) {
                update(sandboxes, ids.get(n), n);
                if (n == 0) {
                  cut.addAndGet(cutConnections(sql));
                }
              }
              return true;
            });

    assertThat(cut).hasPositiveValue();
    for (int n : numbers) {
      String id = ids.get(n);
      await()
          .atMost(LONG)
          .untilAsserted(() -> {
            assertThat(sandboxes.file(id, "log")).isEqualTo((mark(n) + "\n").repeat(TIMES));
            assertThat(published(sql, id))
                .containsExactly("command.started " + (TIMES + 1), "sandbox.extended " + TIMES);
          });
      assertThat(sandboxes.run(id, "ls; cat noted")).isEqualTo("go\nlog\nmine\nnoted\n" + mark(n));
    }
    CommandResult _ =
        slipway.command("rebuild", "--stage", "sandbox-worker", "--verify", "--json").exited(0);
  }

  private static void update(Sandboxes sandboxes, String id, int n) {
    Answer _ =
        insist(key -> sandboxes.ask(id, "extend", Map.of("timeout_seconds", 900), key)).is(202);
    Answer _ =
        insist(key -> sandboxes.ask(id, "resume", Map.of(), key)).isProblem(409, "illegal_state");
    Answer _ =
        insist(key -> sandboxes.ask(id, "extend", Map.of("timeout_seconds", 0), key))
            .isProblem(422, "invalid");
    Map<String, ?> command = Map.of("command", "echo %s >> log".formatted(mark(n)));
    Answer _ = insist(key -> sandboxes.ask(id, "commands", command, key)).is(202);
    Map<String, ?> unknown =
        Map.of("command", "touch never", "environment", Map.of("A", "secret://file/none"));
    Answer _ = insist(key -> sandboxes.ask(id, "commands", unknown, key)).isProblem(422, "invalid");
    Answer _ = insist(_ -> sandboxes.put(id, "noted", mark(n))).is(200);
  }

  /// Asks under one key until the answer is another than that it cannot be now.
  private static Answer insist(Function<String, Answer> request) {
    String key = UUID.randomUUID().toString();
    return await().atMost(LONG).until(() -> request.apply(key), answer -> answer.status() != 503);
  }

  private static int cutConnections(Sql sql) {
    return sql.strings(
            """
            select pg_terminate_backend(pid) from pg_stat_activity
            where backend_type = 'client backend' and pid <> pg_backend_pid() and datname = current_database()
            """)
        .size();
  }

  /// How often what an update comes to was published.
  private static List<String> published(Sql sql, String id) {
    return sql.strings(
        """
        select ce_type || ' ' || count(*) from sandbox.outbox
        where record_key = '%s' and ce_type in ('sandbox.extended', 'command.started', 'sandbox.resumed')
        group by ce_type order by 1
        """
            .formatted(id));
  }

  private static String mark(int n) {
    return "mark-" + n + "-";
  }

  private static Set<String> marks(String text) {
    return MARK.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
  }
}
