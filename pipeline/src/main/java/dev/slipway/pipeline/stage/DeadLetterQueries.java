package dev.slipway.pipeline.stage;

import static dev.slipway.pipeline.database.Columns.required;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.stage.DeadLetterView.Details;
import dev.slipway.pipeline.stage.DeadLetterView.Status;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// Table `dead_letter` as the admin routes use it.
public final class DeadLetterQueries {
  private static final String SELECT =
      """
      select d.*, s.name from dead_letter d join stage s using (stage_id)
      where s.name = any($1)
      """;

  private DeadLetterQueries() {}

  /// One of a list, and where it stands in it.
  public record Listed(long number, DeadLetterView view) {}

  /// Those of some stages, in the order in which they came.
  ///
  /// @param status null for all
  /// @param after the number behind which they begin
  public static Mono<List<Listed>> list(
      DatabaseClient client,
      Collection<String> stages,
      @Nullable Status status,
      long after,
      int limit) {
    return client
        .sql(
            SELECT
                + """
                and ($2::text is null or status = $2) and letter_no > $3
                order by letter_no
                limit $4
                """)
        .bind(0, stages.toArray(String[]::new))
        .bind(1, Columns.nullable(status == null ? null : status.name(), String.class))
        .bind(2, after)
        .bind(3, limit)
        .map(row -> new Listed(required(row, "letter_no", Long.class), view(row)))
        .all()
        .collectList();
  }

  /// Those with an id: one for each of the stages in which it waits.
  public static Mono<List<Details>> find(
      DatabaseClient client, Collection<String> stages, UUID id) {
    return client
        .sql(
            """
            select d.*, d.headers::text as header_text, s.name, (
              select b.ce_id from dead_letter b
              where b.stage_id = d.stage_id and b.lanes && d.lanes and b.letter_no < d.letter_no
              order by b.letter_no limit 1) as behind
            from dead_letter d join stage s using (stage_id)
            where s.name = any($1) and d.ce_id = $2
            order by s.name
            """)
        .bind(0, stages.toArray(String[]::new))
        .bind(1, id)
        .map(row ->
            Details.of(
                view(row),
                LetterHeader.parse(required(row, "header_text", String.class)),
                row.get("behind", UUID.class)))
        .all()
        .collectList();
  }

  /// Has one tried again that is dead; one that is going to be already is left as it is.
  ///
  /// @return empty when there is none, or it is parked
  public static Mono<DeadLetterView> requeue(DatabaseClient client, String stage, UUID id) {
    return changed(
        client,
        """
        with d as (
          update dead_letter set status = 'REQUEUED'
          where ce_id = $1 and status in ('DEAD', 'REQUEUED')
            and stage_id = (select stage_id from stage where name = $2)
          returning *)
        select d.*, s.name from d join stage s using (stage_id)
        """,
        stage,
        id);
  }

  /// Lets one go that is dead; its id stays known. What waits behind it follows.
  ///
  /// @return what it was; empty when there is none, or it is parked
  public static Mono<DeadLetterView> discard(DatabaseClient client, String stage, UUID id) {
    return changed(
        client,
        """
        with d as (
          delete from dead_letter
          where ce_id = $1 and status in ('DEAD', 'REQUEUED')
            and stage_id = (select stage_id from stage where name = $2)
          returning *)
        select d.*, s.name from d join stage s using (stage_id)
        """,
        stage,
        id);
  }

  private static Mono<DeadLetterView> changed(
      DatabaseClient client, String sql, String stage, UUID id) {
    return client.sql(sql).bind(0, id).bind(1, stage).map(DeadLetterQueries::view).one();
  }

  private static DeadLetterView view(Readable row) {
    return new DeadLetterView(
        required(row, "ce_id", UUID.class),
        required(row, "name", String.class),
        Status.valueOf(required(row, "status", String.class)),
        required(row, "topic", String.class),
        required(row, "partition", Integer.class),
        required(row, "record_offset", Long.class),
        row.get("ce_type", String.class),
        row.get("tenant", String.class),
        row.get("key", String.class),
        required(row, "cause", String.class),
        required(row, "value_bytes", Integer.class),
        required(row, "noted_at", Instant.class));
  }
}
