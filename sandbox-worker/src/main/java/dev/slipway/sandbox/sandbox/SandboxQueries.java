package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.database.Columns;
import io.r2dbc.spi.Readable;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// What requests ask of table `sandbox`; row-level security leaves each only its tenant's rows.
public final class SandboxQueries {
  private SandboxQueries() {}

  /// A sandbox as it is kept.
  public record Row(AggregateId id, long version, SandboxState state) {}

  /// One that was asked for.
  public static Mono<Row> find(DatabaseClient client, UUID id) {
    return client
        .sql(
            "select tenant, sandbox_id, version, state from sandbox where sandbox_id = $1 and status <> 'NONE'")
        .bind(0, id)
        .map(SandboxQueries::row)
        .one();
  }

  /// Newest first.
  static Mono<List<Row>> list(DatabaseClient client, SandboxFilter filter) {
    String repository = filter.repository();
    SandboxCursor after = filter.after();
    return client
        .sql(
            """
            select tenant, sandbox_id, version, state from sandbox
            where status <> 'NONE'
              and ($1::text is null or status = $1)
              and ($2::text is null or template = $2)
              and ($3::text is null or name = $3)
              and ($4::text is null or task_id = $4)
              and ($5::text is null or session_id = $5)
              and ($6::text is null or repository = $6 or repository_name = $7)
              and metadata @> $8::text::jsonb
              and ($9::timestamptz is null or (requested_at, sandbox_id) < ($9, $10::uuid))
            order by requested_at desc, sandbox_id desc
            limit $11
            """)
        .bind(0, text(filter.state() == null ? null : filter.state().name()))
        .bind(1, text(filter.template()))
        .bind(2, text(filter.name()))
        .bind(3, text(filter.taskId()))
        .bind(4, text(filter.sessionId()))
        .bind(5, text(repository == null ? null : address(repository)))
        .bind(6, text(repository == null ? null : repository.toLowerCase(Locale.ROOT)))
        .bind(7, SandboxJson.write(filter.metadata()))
        .bind(
            8,
            Columns.nullable(
                Columns.utc(after == null ? null : after.requestedAt()), OffsetDateTime.class))
        .bind(9, Columns.nullable(after == null ? null : after.id(), UUID.class))
        .bind(10, filter.limit())
        .map(SandboxQueries::row)
        .all()
        .collectList();
  }

  /// As it is kept. What is no address may be a name, and stays as it is.
  private static String address(String repository) {
    return RepositoryUrl.parse(repository).map(RepositoryUrl::value).orElse(repository);
  }

  private static Object text(@Nullable String value) {
    return Columns.nullable(value, String.class);
  }

  private static Row row(Readable row) {
    return new Row(
        new AggregateId(
            Columns.required(row, "tenant", String.class),
            Columns.required(row, "sandbox_id", UUID.class).toString()),
        Columns.required(row, "version", Long.class),
        SandboxJson.state(Objects.requireNonNull(Columns.json(row, "state"))));
  }
}
