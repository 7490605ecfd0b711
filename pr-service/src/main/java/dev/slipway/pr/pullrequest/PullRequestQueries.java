package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.live.GitHubNames;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// What requests ask of pull requests; row-level security leaves each only its tenant's rows.
public final class PullRequestQueries {
  /// With the repository's newest name, what the checks on the head come to, its sandbox and its
  /// task.
  private static final String SELECT =
      """
      select p.*, n.full_name, n.url, n.seen_at, c.succeeded, c.failed, c.pending, %s
      from pull_request p
      left join lateral (
        select full_name, url, seen_at from repository_name n
        where n.tenant = p.tenant and n.repository_id = p.repository_id
        order by seen_at desc, full_name collate "C" desc limit 1) n on true
      left join lateral (
        select count(*) filter (where result = 'SUCCEEDED')::int as succeeded,
          count(*) filter (where result = 'FAILED')::int as failed,
          count(*) filter (where result = 'PENDING')::int as pending
        from commit_check c
        where c.tenant = p.tenant and c.repository_id = p.repository_id and c.sha = p.head_sha) c on true
      %s\
      """
          .formatted(OwnerStore.SELECTED, OwnerStore.OF_PULL_REQUEST);

  /// The repository that has a name now, else the one that had it last.
  private static final String REPOSITORY =
      """
      select n.repository_id from repository_name n
      where n.name = $1
      order by
        n.full_name = (
          select c.full_name from repository_name c
          where c.tenant = n.tenant and c.repository_id = n.repository_id
          order by c.seen_at desc, c.full_name collate "C" desc limit 1) desc,
        n.seen_at desc, n.repository_id desc
      limit 1\
      """;

  /// By the repository's name and the number, at once.
  static final String FIND_NAMED =
      SELECT
          + "where p.repository_id = ("
          + REPOSITORY
          + ") and p.number = $2 and p.state is not null";

  /// By the repository's id and the number.
  private static final String FIND =
      SELECT + "where p.repository_id = $1 and p.number = $2 and p.state is not null";

  private PullRequestQueries() {}

  /// The repository that has a name now, else the one that had it last.
  static Mono<Long> repository(DatabaseClient client, String fullName) {
    return client
        .sql(REPOSITORY)
        .bind(0, GitHubNames.folded(fullName))
        .map(row -> Columns.required(row, "repository_id", Long.class))
        .one();
  }

  static Mono<PullRequestView> find(DatabaseClient client, long repositoryId, long number) {
    return client
        .sql(FIND)
        .bind(0, repositoryId)
        .bind(1, number)
        .map(PullRequestQueries::view)
        .one();
  }

  /// The one of that number in the repository that has the name now, else in the one that had it
  /// last.
  static Mono<PullRequestView> find(DatabaseClient client, String fullName, long number) {
    return client
        .sql(FIND_NAMED)
        .bind(0, GitHubNames.folded(fullName))
        .bind(1, number)
        .map(PullRequestQueries::view)
        .one();
  }

  /// Newest first.
  ///
  /// @param repositoryId null for all
  static Mono<List<PullRequestView>> list(
      DatabaseClient client, PullRequestFilter filter, @Nullable Long repositoryId) {
    PullRequestCursor after = filter.after();
    return client
        .sql(
            SELECT
                + """
                where p.state is not null
                  and ($1::bigint is null or p.repository_id = $1)
                  and ($2::text is null or p.state = $2)
                  and ($3::text is null or p.author = $3)
                  and ($4::timestamptz is null
                    or (p.created_at, p.repository_id, p.number) < ($4, $5::bigint, $6::bigint))
                order by p.created_at desc, p.repository_id desc, p.number desc
                limit $7
                """)
        .bind(0, Columns.nullable(repositoryId, Long.class))
        .bind(
            1,
            Columns.nullable(filter.state() == null ? null : filter.state().name(), String.class))
        .bind(2, Columns.nullable(filter.author(), String.class))
        .bind(
            3,
            Columns.nullable(
                Columns.utc(after == null ? null : after.createdAt()), OffsetDateTime.class))
        .bind(4, Columns.nullable(after == null ? null : after.repositoryId(), Long.class))
        .bind(5, Columns.nullable(after == null ? null : after.number(), Long.class))
        .bind(6, filter.limit())
        .map(PullRequestQueries::view)
        .all()
        .collectList();
  }

  /// The first of what [#timeline] lists.
  public static Mono<List<TimelineView.Item>> timeline(
      DatabaseClient client, long repositoryId, long number, int limit) {
    return timeline(client, repositoryId, number, null, limit);
  }

  /// Oldest first: what was published, and deliveries that nothing came of.
  static Mono<List<TimelineView.Item>> timeline(
      DatabaseClient client,
      long repositoryId,
      long number,
      @Nullable TimelineCursor after,
      int limit) {
    return client
        .sql(
            """
            select * from (
              select e.at, e.type, e.actor, e.delivery_id, e.event_id, e.cause_id, e.version, d.topic, d.partition,
                d.record_offset, e.cause_id as item
              from pull_request_event e left join delivery d using (tenant, delivery_id)
              where e.repository_id = $1 and e.number = $2
              union all
              select d.received_at, d.event || coalesce('.' || d.action, ''), d.sender, d.delivery_id, null, null, 0,
                d.topic, d.partition, d.record_offset, d.delivery_id
              from delivery d
              where d.repository_id = $1 and d.number = $2 and d.outcome in ('APPLIED', 'UNCHANGED')
                -- of which something came, though its line may be gone
                and not (d.event_ids <> '{}' and d.pull_request = $2)
                and not exists (
                  select from pull_request_event e
                  where e.tenant = d.tenant and e.repository_id = $1 and e.number = $2 and e.delivery_id = d.delivery_id)
            ) as items
            where $3::timestamptz is null or (at, item, version) > ($3, $4::uuid, $5::bigint)
            order by at, item, version
            limit $6
            """)
        .bind(0, repositoryId)
        .bind(1, number)
        .bind(
            2,
            Columns.nullable(Columns.utc(after == null ? null : after.at()), OffsetDateTime.class))
        .bind(3, Columns.nullable(after == null ? null : after.cause(), UUID.class))
        .bind(4, Columns.nullable(after == null ? null : after.version(), Long.class))
        .bind(5, limit)
        .map(PullRequestQueries::item)
        .all()
        .collectList();
  }

  private static PullRequestView view(Readable row) {
    String fullName = row.get("full_name", String.class);
    return PullRequestView.of(
        new RepositoryKey(
            Columns.required(row, "tenant", String.class),
            Columns.required(row, "repository_id", Long.class)),
        fullName == null
            ? null
            : new RepositoryName(
                fullName,
                row.get("url", String.class),
                Columns.required(row, "seen_at", Instant.class)),
        RegisterStore.pullRequest(row),
        Checks.of(
            Columns.required(row, "succeeded", Integer.class),
            Columns.required(row, "failed", Integer.class),
            Columns.required(row, "pending", Integer.class)),
        OwnerStore.owner(row));
  }

  private static TimelineView.Item item(Readable row) {
    return TimelineView.Item.of(
        Columns.required(row, "at", Instant.class),
        Columns.required(row, "type", String.class),
        row.get("actor", String.class),
        row.get("delivery_id", UUID.class),
        row.get("event_id", UUID.class),
        row.get("cause_id", UUID.class),
        new TimelineView.Place(
            row.get("topic", String.class),
            row.get("partition", Integer.class),
            row.get("record_offset", Long.class)),
        new TimelineCursor(
            Columns.required(row, "at", Instant.class),
            Columns.required(row, "item", UUID.class),
            Columns.required(row, "version", Long.class)));
  }
}
