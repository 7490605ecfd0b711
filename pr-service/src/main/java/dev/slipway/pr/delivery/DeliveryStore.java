package dev.slipway.pr.delivery;

import dev.slipway.pipeline.core.LogPosition;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.stage.StateStore;
import dev.slipway.pr.delivery.DeliveryState.Recorded;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// Table `delivery`.
final class DeliveryStore implements StateStore<DeliveryId, DeliveryState> {

  @Override
  public Mono<Map<DeliveryId, DeliveryState>> lock(DatabaseClient client, List<DeliveryId> keys) {
    return client
        .sql(
            """
            select * from delivery where delivery_id = any($1) order by delivery_id for update
            """)
        .bind(0, keys.stream().map(DeliveryId::value).toArray(UUID[]::new))
        .map(DeliveryStore::recorded)
        .all()
        .collectMap(recorded -> recorded.webhook().id(), recorded -> recorded);
  }

  @Override
  public Mono<Void> write(DatabaseClient client, Map<DeliveryId, DeliveryState> states) {
    List<Recorded> rows =
        states.values().stream()
            .filter(Recorded.class::isInstance)
            .map(Recorded.class::cast)
            .toList();
    var statement =
        client.sql(
            """
            insert into delivery (
              delivery_id, tenant, event, action, repository_id, repository_full_name, number, sender, hook_id,
              installation_id, received_at, content_type, body_bytes, body_sha256, topic, partition, record_offset,
              outcome, reason)
            select delivery_id, tenant, event, action, repository_id, repository_full_name, number, sender, hook_id,
              installation_id, received_at, content_type, body_bytes, decode(body_sha256, 'hex'), topic, partition,
              record_offset, outcome, reason
            from unnest(
              $1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::text[],
              $9::bigint[], $10::bigint[], $11::timestamptz[], $12::text[], $13::int[], $14::text[], $15::text[],
              $16::int[], $17::bigint[], $18::text[], $19::text[])
            as t (
              delivery_id, tenant, event, action, repository_id, repository_full_name, number, sender, hook_id,
              installation_id, received_at, content_type, body_bytes, body_sha256, topic, partition, record_offset,
              outcome, reason)
            on conflict (delivery_id) do update set
              tenant = excluded.tenant, event = excluded.event, action = excluded.action,
              repository_id = excluded.repository_id, repository_full_name = excluded.repository_full_name,
              number = excluded.number, sender = excluded.sender, hook_id = excluded.hook_id,
              installation_id = excluded.installation_id, received_at = excluded.received_at,
              content_type = excluded.content_type, body_bytes = excluded.body_bytes,
              body_sha256 = excluded.body_sha256, topic = excluded.topic, partition = excluded.partition,
              record_offset = excluded.record_offset, outcome = excluded.outcome, reason = excluded.reason
            """);
    return statement
        .bind(0, column(rows, row -> row.webhook().id().value(), UUID[]::new))
        .bind(1, column(rows, row -> row.webhook().tenant(), String[]::new))
        .bind(2, column(rows, row -> row.webhook().about().event(), String[]::new))
        .bind(3, column(rows, row -> row.webhook().about().action(), String[]::new))
        .bind(4, column(rows, row -> row.webhook().about().repository().id(), Long[]::new))
        .bind(5, column(rows, row -> row.webhook().about().repository().fullName(), String[]::new))
        .bind(6, column(rows, row -> row.webhook().about().number(), Long[]::new))
        .bind(7, column(rows, row -> row.webhook().about().sender(), String[]::new))
        .bind(8, column(rows, row -> row.webhook().origin().hookId(), Long[]::new))
        .bind(9, column(rows, row -> row.webhook().origin().installationId(), Long[]::new))
        .bind(
            10,
            column(rows, row -> utc(row.webhook().origin().receivedAt()), OffsetDateTime[]::new))
        .bind(11, column(rows, row -> row.webhook().body().contentType(), String[]::new))
        .bind(12, column(rows, row -> row.webhook().body().sizeBytes(), Integer[]::new))
        .bind(13, column(rows, row -> row.webhook().body().sha256(), String[]::new))
        .bind(14, column(rows, row -> row.webhook().position().topic(), String[]::new))
        .bind(15, column(rows, row -> row.webhook().position().partition(), Integer[]::new))
        .bind(16, column(rows, row -> row.webhook().position().offset(), Long[]::new))
        .bind(17, column(rows, row -> row.verdict().outcome().name(), String[]::new))
        .bind(18, column(rows, row -> row.verdict().reason(), String[]::new))
        .then();
  }

  /// A whole row.
  static Recorded recorded(Readable row) {
    var id = new DeliveryId(Columns.required(row, "delivery_id", UUID.class));
    return new Recorded(
        new Webhook(
            id,
            Columns.required(row, "tenant", String.class),
            new Webhook.About(
                Columns.required(row, "event", String.class),
                row.get("action", String.class),
                new Webhook.Repository(
                    row.get("repository_id", Long.class),
                    row.get("repository_full_name", String.class)),
                row.get("number", Long.class),
                row.get("sender", String.class)),
            new Webhook.Origin(
                row.get("hook_id", Long.class),
                row.get("installation_id", Long.class),
                Columns.required(row, "received_at", Instant.class)),
            new Webhook.Body(
                Columns.required(row, "content_type", String.class),
                Columns.required(row, "body_bytes", Integer.class),
                HexFormat.of().formatHex(Columns.required(row, "body_sha256", byte[].class))),
            new LogPosition(
                Columns.required(row, "topic", String.class),
                Columns.required(row, "partition", Integer.class),
                Columns.required(row, "record_offset", Long.class))),
        new Verdict(
            Verdict.Outcome.valueOf(Columns.required(row, "outcome", String.class)),
            row.get("reason", String.class)));
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static <T> @Nullable T[] column(
      List<Recorded> rows,
      Function<Recorded, @Nullable T> field,
      IntFunction<@Nullable T[]> array) {
    return rows.stream().map(field).toArray(array);
  }
}
