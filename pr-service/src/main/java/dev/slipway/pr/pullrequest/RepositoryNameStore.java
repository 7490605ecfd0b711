package dev.slipway.pr.pullrequest;

import static dev.slipway.pr.pullrequest.RowStore.column;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Write;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// Table `repository_name`.
final class RepositoryNameStore {
  private RepositoryNameStore() {}

  static Mono<List<Owned<RepositoryName>>> read(
      DatabaseClient client, Collection<Owned<RepositoryKey>> keys) {
    return RowStore.read(
        RowStore.bind(
            client,
            """
            select t.* from repository_name t
            join unnest($1::text[], $2::bigint[]) as k (tenant, repository_id) using (tenant, repository_id)
            """,
            keys),
        RepositoryNameStore::name);
  }

  static RepositoryName name(Readable row) {
    return new RepositoryName(
        Columns.required(row, "full_name", String.class),
        row.get("url", String.class),
        Columns.required(row, "seen_at", Instant.class));
  }

  static Write write(Collection<Owned<RepositoryName>> rows) {
    return RowStore.write(
        """
        insert into repository_name (tenant, repository_id, full_name, url, seen_at)
        select * from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[])
        on conflict (tenant, repository_id, full_name) do update set
          url = excluded.url, seen_at = excluded.seen_at
        """,
        rows,
        column(rows, RepositoryName::fullName, String[]::new),
        column(rows, RepositoryName::url, String[]::new),
        column(rows, name -> Columns.utc(name.seenAt()), OffsetDateTime[]::new));
  }
}
