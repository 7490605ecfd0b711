package dev.slipway.pr.delivery;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.live.GitHubNames;
import dev.slipway.pr.delivery.DeliveryState.Recorded;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// What requests ask of table `delivery`; row-level security leaves each only its tenant's rows.
final class DeliveryQueries {
  private DeliveryQueries() {}

  static Mono<Recorded> find(DatabaseClient client, DeliveryId id) {
    return client
        .sql("select * from delivery where delivery_id = $1")
        .bind(0, id.value())
        .map(DeliveryStore::recorded)
        .one();
  }

  /// Newest first.
  static Mono<List<Recorded>> list(DatabaseClient client, DeliveryFilter filter) {
    var statement =
        client.sql(
            """
            select * from delivery
            where ($1::text is null or event = $1)
              and ($2::text is null or action = $2)
              and ($3::text is null or repository_name = $3)
              and ($4::bigint is null or number = $4)
              and ($5::text is null or outcome = $5)
              and ($6::timestamptz is null or received_at >= $6)
              and ($7::timestamptz is null or received_at < $7)
              and ($8::timestamptz is null or (received_at, delivery_id) < ($8, $9::uuid))
            order by received_at desc, delivery_id desc
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
        .map(DeliveryStore::recorded)
        .all()
        .collectList();
  }
}
