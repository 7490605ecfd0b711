package dev.slipway.pr.delivery;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.live.GitHubNames;
import dev.slipway.pr.delivery.DeliveryState.Recorded;
import dev.slipway.pr.pullrequest.Owner;
import dev.slipway.pr.pullrequest.OwnerStore;
import io.r2dbc.spi.Readable;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// What requests ask of table `delivery`; row-level security leaves each only its tenant's rows.
final class DeliveryQueries {
  /// With whom the pull request is for that it is about.
  private static final String SELECT =
      """
      select d.*, %s from delivery d
      left join pull_request p on p.tenant = d.tenant and p.repository_id = d.repository_id
        and p.number = coalesce(d.pull_request, d.number)
      %s\
      """
          .formatted(OwnerStore.SELECTED, OwnerStore.OF_PULL_REQUEST);

  private DeliveryQueries() {}

  /// A delivery, and whom the pull request is for that it is about.
  record Row(Recorded delivery, @Nullable Owner owner) {
    static Row of(Readable row) {
      return new Row(DeliveryStore.recorded(row), OwnerStore.owner(row));
    }
  }

  static Mono<Row> find(DatabaseClient client, DeliveryId id) {
    return client.sql(SELECT + "where d.delivery_id = $1").bind(0, id.value()).map(Row::of).one();
  }

  /// Newest first.
  static Mono<List<Row>> list(DatabaseClient client, DeliveryFilter filter) {
    var statement =
        client.sql(
            SELECT
                + """
                where ($1::text is null or d.event = $1)
                  and ($2::text is null or d.action = $2)
                  and ($3::text is null or d.repository_name = $3)
                  and ($4::bigint is null or d.number = $4)
                  and ($5::text is null or d.outcome = $5)
                  and ($6::timestamptz is null or d.received_at >= $6)
                  and ($7::timestamptz is null or d.received_at < $7)
                  and ($8::timestamptz is null or (d.received_at, d.delivery_id) < ($8, $9::uuid))
                order by d.received_at desc, d.delivery_id desc
                limit $10
                """);
    DeliveryCursor after = filter.after();
    return statement
        .bind(0, Columns.nullable(filter.event(), String.class))
        .bind(1, Columns.nullable(filter.action(), String.class))
        .bind(
            2,
            Columns.nullable(
                filter.repository() == null ? null : GitHubNames.folded(filter.repository()),
                String.class))
        .bind(3, Columns.nullable(filter.number(), Long.class))
        .bind(
            4,
            Columns.nullable(
                filter.outcome() == null ? null : filter.outcome().name(), String.class))
        .bind(5, Columns.nullable(Columns.utc(filter.since()), OffsetDateTime.class))
        .bind(6, Columns.nullable(Columns.utc(filter.until()), OffsetDateTime.class))
        .bind(
            7,
            Columns.nullable(
                Columns.utc(after == null ? null : after.receivedAt()), OffsetDateTime.class))
        .bind(8, Columns.nullable(after == null ? null : after.id().value(), UUID.class))
        .bind(9, filter.limit())
        .map(Row::of)
        .all()
        .collectList();
  }
}
