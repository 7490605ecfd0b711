package dev.slipway.pr.pullrequest;

import static dev.slipway.pr.pullrequest.RowStore.column;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Write;
import dev.slipway.pr.pullrequest.PullRequestEvent.Announced;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.UUID;

/// Table `pull_request_event`.
final class TimelineStore {
  private TimelineStore() {}

  static Write write(Collection<Owned<Announced>> rows) {
    return RowStore.write(
        """
        insert into pull_request_event (
          tenant, repository_id, number, version, event_id, type, actor, at, cause_id, delivery_id)
        select * from unnest(
          $1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::text[], $7::text[],
          $8::timestamptz[], $9::uuid[], $10::uuid[])
        """,
        rows,
        column(rows, event -> event.summary().number(), Long[]::new),
        column(rows, Announced::version, Long[]::new),
        column(rows, Announced::id, UUID[]::new),
        column(rows, event -> event.kind().type(), String[]::new),
        column(rows, event -> event.cause().actor(), String[]::new),
        column(rows, event -> Columns.utc(event.cause().at()), OffsetDateTime[]::new),
        column(rows, event -> event.cause().id(), UUID[]::new),
        column(rows, event -> event.cause().deliveryId(), UUID[]::new));
  }
}
