package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Write;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import reactor.core.publisher.Mono;

/// The ids that a stage has seen.
final class Inbox {
  private final short stageId;

  Inbox(short stageId) {
    this.stageId = stageId;
  }

  /// Claims ids that nobody has claimed before; waits for a transaction that is claiming one of
  /// them.
  ///
  /// @param statuses ids and what becomes of each, in ascending order of ids, so that two claims
  ///   never deadlock
  /// @return the ids that are ours
  Mono<Set<UUID>> claim(DatabaseClient client, Map<UUID, Status> statuses) {
    if (statuses.isEmpty()) {
      return Mono.just(Set.of());
    }
    return bind(
            client.sql(
                """
                with asked as (
                  select id, status::inbox_status from unnest($2::uuid[], $3::text[]) as t (id, status)
                ), claimed as (
                  insert into inbox (stage_id, ce_id, status) select $1, id, status from asked
                  on conflict do nothing
                  returning ce_id
                )
                select id from asked where id not in (select ce_id from claimed)
                """),
            statuses)
        .map(row -> Columns.required(row, "id", UUID.class))
        .all()
        .collectList()
        .map(known -> {
          // those that are not ours: mostly none
          var claimed = new HashSet<>(statuses.keySet());
          known.forEach(claimed::remove);
          return claimed;
        });
  }

  /// Puts down what became of records, whatever was put down before.
  ///
  /// @param statuses in ascending order of ids
  Mono<Void> put(DatabaseClient client, Map<UUID, Status> statuses) {
    if (statuses.isEmpty()) {
      return Mono.empty();
    }
    return bind(
            client.sql(
                """
                insert into inbox (stage_id, ce_id, status)
                select $1, id, status::inbox_status from unnest($2::uuid[], $3::text[]) as claim (id, status)
                on conflict (stage_id, ce_id) do update set status = excluded.status
                """),
            statuses)
        .then();
  }

  private GenericExecuteSpec bind(GenericExecuteSpec statement, Map<UUID, Status> statuses) {
    return statement
        .bind(0, stageId)
        .bind(1, statuses.keySet().toArray(UUID[]::new))
        .bind(2, statuses.values().stream().map(Status::sqlName).toArray(String[]::new));
  }

  /// Notes that these ids, claimed in this transaction, were rejected.
  Write reject(Collection<UUID> ids) {
    return Write.of(
        "update inbox set status = 'rejected' where stage_id = $1 and ce_id = any($2)",
        stageId,
        ids.toArray(UUID[]::new));
  }

  /// Which of these ids are in the inbox already.
  ///
  /// @param dead only those that are there as dead
  Mono<Set<UUID>> known(DatabaseClient client, Collection<UUID> ids, boolean dead) {
    return client
        .sql(
            """
            select ce_id from inbox
            where stage_id = $1 and ce_id = any($2) and (not $3 or status = 'dead')
            """)
        .bind(0, stageId)
        .bind(1, ids.toArray(UUID[]::new))
        .bind(2, dead)
        .map(row -> Columns.required(row, "ce_id", UUID.class))
        .all()
        .collect(Collectors.toSet());
  }

  /// What became of a record.
  enum Status {
    APPLIED("applied"),
    DEAD("dead");

    private final String sqlName;

    Status(String sqlName) {
      this.sqlName = sqlName;
    }

    String sqlName() {
      return sqlName;
    }
  }
}
