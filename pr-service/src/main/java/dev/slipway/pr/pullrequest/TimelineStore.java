package dev.slipway.pr.pullrequest;

import static dev.slipway.pr.pullrequest.RowStore.column;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pr.pullrequest.PullRequestEvent.Announced;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// Table `pull_request_event`.
final class TimelineStore {
  private TimelineStore() {}

  static Mono<Void> write(DatabaseClient client, Collection<Owned<Announced>> rows) {
    return RowStore.bind(
            client,
            """
            insert into pull_request_event (
              tenant, repository_id, number, version, event_id, type, actor, at, cause_id)
            select * from unnest(
              $1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::text[], $7::text[],
              $8::timestamptz[], $9::uuid[])
            """,
            rows)
        .bind(2, column(rows, event -> event.summary().number(), Long[]::new))
        .bind(3, column(rows, Announced::version, Long[]::new))
        .bind(4, column(rows, Announced::id, UUID[]::new))
        .bind(5, column(rows, event -> event.kind().type(), String[]::new))
        .bind(6, column(rows, event -> event.cause().actor(), String[]::new))
        .bind(7, column(rows, event -> Columns.utc(event.cause().at()), OffsetDateTime[]::new))
        .bind(8, column(rows, event -> event.cause().id(), UUID[]::new))
        .then();
  }
}
