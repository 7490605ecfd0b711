package dev.slipway.pr.task;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.database.Columns;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// What requests ask of table `task`; row-level security leaves each only its tenant's rows.
final class TaskQueries {
  /// Without the patch, which is as large as everything else.
  private static final String SELECT =
      "select t.tenant, t.task_id, t.version, t.state #- '{work,patch}' as state from task t ";

  private TaskQueries() {}

  /// A task as it is kept, without its patch.
  record Row(AggregateId id, long version, TaskState state) {}

  /// One that was asked for.
  static Mono<Row> find(DatabaseClient client, UUID id) {
    return client
        .sql(SELECT + "where t.task_id = $1 and t.status <> 'NONE'")
        .bind(0, id)
        .map(TaskQueries::row)
        .one();
  }

  /// The patch of one, in Base64; empty when it has none that is kept.
  static Mono<String> patch(DatabaseClient client, UUID id) {
    return client
        .sql(
            """
            select t.state #>> '{work,patch}' as patch from task t
            where t.task_id = $1 and t.state #>> '{work,patch}' is not null
            """)
        .bind(0, id)
        .map(row -> Columns.required(row, "patch", String.class))
        .one();
  }

  /// Newest first.
  static Mono<List<Row>> list(DatabaseClient client, TaskFilter filter) {
    String repository = filter.repository();
    TaskCursor after = filter.after();
    return client
        .sql(
            SELECT
                + """
                where t.status <> 'NONE'
                  and ($1::text is null or t.status = $1)
                  and ($2::text is null or t.repository = $2 or t.repository_name = $3)
                  and ($4::text is null or t.execution_id = $4)
                  and ($5::text is null or t.squad_id = $5)
                  and ($6::text is null or t.agent_id = $6)
                  and ($7::text is null or t.labels @> array[$7::text])
                  and ($8::timestamptz is null or (t.created_at, t.task_id) < ($8, $9::uuid))
                order by t.created_at desc, t.task_id desc
                limit $10
                """)
        .bind(0, text(filter.state() == null ? null : filter.state().name()))
        .bind(1, text(repository == null ? null : address(repository)))
        .bind(2, text(repository == null ? null : repository.toLowerCase(Locale.ROOT)))
        .bind(3, text(filter.executionId()))
        .bind(4, text(filter.squadId()))
        .bind(5, text(filter.agentId()))
        .bind(6, text(filter.label()))
        .bind(
            7,
            Columns.nullable(
                Columns.utc(after == null ? null : after.createdAt()), OffsetDateTime.class))
        .bind(8, Columns.nullable(after == null ? null : after.id(), UUID.class))
        .bind(9, filter.limit())
        .map(TaskQueries::row)
        .all()
        .collectList();
  }

  /// How the tasks of an execution stand; empty when there are none.
  static Mono<ExecutionView> execution(DatabaseClient client, String id) {
    return client
        .sql(
            """
            select count(*)::int as total,
              count(*) filter (where status = 'TODO')::int as todo,
              count(*) filter (where status = 'IN_PROGRESS')::int as in_progress,
              count(*) filter (where status = 'IN_REVIEW')::int as in_review,
              count(*) filter (where status = 'DONE')::int as done,
              count(*) filter (where status = 'FAILED')::int as failed,
              count(*) filter (where status = 'CANCELLED')::int as cancelled,
              count(*) filter (where status = 'CLOSED')::int as closed,
              count(*) filter (where pull_request_state = 'OPEN')::int as open_ones,
              count(*) filter (where pull_request_state = 'MERGED')::int as merged_ones,
              count(*) filter (where pull_request_state = 'CLOSED')::int as closed_ones,
              min(created_at) as created_at, max(finished_at) as finished_at
            from task where execution_id = $1 and status <> 'NONE'
            having count(*) > 0
            """)
        .bind(0, id)
        .map(row -> execution(id, row))
        .one();
  }

  private static ExecutionView execution(String id, Readable row) {
    var tasks =
        new ExecutionView.Tasks(
            count(row, "total"),
            count(row, "todo"),
            count(row, "in_progress"),
            count(row, "in_review"),
            count(row, "done"),
            count(row, "failed"),
            count(row, "cancelled"),
            count(row, "closed"));
    return new ExecutionView(
        id,
        tasks,
        new ExecutionView.PullRequests(
            count(row, "open_ones"), count(row, "merged_ones"), count(row, "closed_ones")),
        Columns.required(row, "created_at", Instant.class),
        tasks.areOver() ? row.get("finished_at", Instant.class) : null);
  }

  private static int count(Readable row, String column) {
    return Columns.required(row, column, Integer.class);
  }

  /// As it is kept. What is no address may be a name, and stays as it is.
  private static String address(String repository) {
    return RepositoryUrl.parse(repository).map(RepositoryUrl::value).orElse(repository);
  }

  private static Object text(@Nullable String value) {
    return Columns.nullable(value, String.class);
  }

  private static Row row(Readable row) {
    return of(row, "state");
  }

  /// @param state name of the column that holds it
  static Row of(Readable row, String state) {
    return new Row(
        new AggregateId(
            Columns.required(row, "tenant", String.class),
            Columns.required(row, "task_id", UUID.class).toString()),
        Columns.required(row, "version", Long.class),
        TaskJson.state(Objects.requireNonNull(Columns.json(row, state))));
  }
}
