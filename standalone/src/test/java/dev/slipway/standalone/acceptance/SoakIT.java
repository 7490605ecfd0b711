package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// One installation for long: first nobody tells it anything, then webhooks come at a steady pace.
@Tag("slow")
class SoakIT {
  private static final Duration EACH =
      Duration.ofSeconds(Integer.getInteger("slipway.soak.seconds", 9));
  private static final int ROUNDS = 9;
  private static final Duration BETWEEN_WEBHOOKS = Duration.ofMillis(20);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final long MIB = 1L << 20;

  /// Before, a JVM still loads and compiles what it runs.
  private static final Duration WARM = Duration.ofMinutes(5);

  private static final String SEQUENCES =
      """
      select schemaname || '.' || sequencename || '=' || coalesce(last_value, 0)
      from pg_sequences order by 1
      """;
  private static final String TABLES =
      """
      select table_name || '=' || (xpath('/row/n/text()',
        query_to_xml(format('select count(*) as n from pr.%I', table_name), false, true, '')))[1]
      from information_schema.tables
      where table_schema = 'pr' and table_type = 'BASE TABLE'
      """;

  @Test
  void whatRestsUsesNothingUpAndWhatWorksOnlyWhatCameIn() {
    // events are kept in memory up to a bound, which is to be reached soon
    try (Slipway slipway = Slipway.fresh().with("SLIPWAY_LIVE_RINGSIZE", "4MB")) {
      Service up = slipway.up();
      try (SteadyPosting warming = SteadyPosting.of(slipway.sender(), BETWEEN_WEBHOOKS)) {
        pass(EACH.dividedBy(ROUNDS));
        assertThat(warming.stop()).isPositive();
      }
      awaitQuiet(slipway);
      Sql sql = Sql.of(slipway);
      Map<String, Long> sequences = figures(sql, SEQUENCES);
      Map<String, Long> before = figures(sql, TABLES);

      List<ProcessFigures> resting = rounds(up, slipway.api());
      assertThat(figures(sql, SEQUENCES)).isEqualTo(sequences);
      assertGrowth(before, figures(sql, TABLES), 0);

      int accepted;
      List<ProcessFigures> working;
      try (SteadyPosting posting = SteadyPosting.of(slipway.sender(), BETWEEN_WEBHOOKS)) {
        working = rounds(up, slipway.api());
        accepted = posting.stop();
      }
      awaitQuiet(slipway);
      Map<String, Long> after = figures(sql, TABLES);
      System.out.printf("%d webhooks, rows %s, then %s%n", accepted, before, after);
      assertGrowth(before, after, accepted);
      assertThat(after.get("delivery")).isEqualTo(before.getOrDefault("delivery", 0L) + accepted);
      assertStill(resting);
      assertStill(working);
    }
  }

  private static List<ProcessFigures> rounds(Service service, Api api) {
    List<ProcessFigures> figures = new ArrayList<>();
    Duration processor = processor(service);
    for (int round = 0; round < ROUNDS; round++) {
      pass(EACH.dividedBy(ROUNDS));
      figures.add(ProcessFigures.of(service, api));
    }
    System.out.printf("%s of processor in %s%n", processor(service).minus(processor), EACH);
    figures.forEach(System.out::println);
    return figures;
  }

  private static void assertStill(List<ProcessFigures> figures) {
    ProcessFigures.assertFlat(figures, ProcessFigures::threads, 4);
    ProcessFigures.assertFlat(figures, ProcessFigures::openFiles, 8);
    if (EACH.compareTo(WARM) >= 0) {
      ProcessFigures.assertFlat(figures, ProcessFigures::heapBytes, 8 * MIB);
      ProcessFigures.assertFlat(figures, ProcessFigures::residentBytes, 32 * MIB);
    }
  }

  /// What was published long ago goes from the outbox: less may be there than before.
  private static void assertGrowth(Map<String, Long> before, Map<String, Long> after, long most) {
    after.forEach((table, rows) ->
        assertThat(rows - before.getOrDefault(table, 0L)).as(table).isLessThanOrEqualTo(most));
  }

  /// That of the service and all that it has started.
  private static Duration processor(Service service) {
    ProcessHandle main = ProcessHandle.of(service.pid()).orElseThrow();
    return Stream.concat(Stream.of(main), main.descendants())
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }

  private static void awaitQuiet(Slipway slipway) {
    slipway.awaitCaughtUp(SOON);
    await("all events to be published")
        .atMost(SOON)
        .until(() ->
            Sql.of(slipway)
                .strings("select 1 from pr.outbox where published_at is null limit 1")
                .isEmpty());
  }

  /// Time is what is tested.
  private static void pass(Duration time) {
    await().pollDelay(time).atMost(time.plus(SOON)).until(() -> true);
  }

  private static Map<String, Long> figures(Sql sql, String query) {
    return sql.strings(query).stream()
        .map(row -> row.split("=", 2))
        .collect(
            Collectors.toMap(row -> row[0], row -> Long.valueOf(row[1]), Long::sum, TreeMap::new));
  }
}
