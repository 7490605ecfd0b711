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

/// Table `pull_request_comment`.
final class CommentStore {
  private CommentStore() {}

  static Mono<List<Owned<Comment>>> read(
      DatabaseClient client, Collection<Owned<Comment.Key>> keys) {
    return RowStore.read(
        RowStore.bind(
                client,
                """
                select t.* from pull_request_comment t
                join unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[])
                  as k (tenant, repository_id, kind, comment_id) using (tenant, repository_id, kind, comment_id)
                """,
                keys)
            .bind(2, column(keys, key -> key.kind().name(), String[]::new))
            .bind(3, column(keys, Comment.Key::id, Long[]::new)),
        CommentStore::comment);
  }

  private static Comment comment(Readable row) {
    return new Comment(
        new Comment.Key(
            Comment.Kind.valueOf(Columns.required(row, "kind", String.class)),
            Columns.required(row, "comment_id", Long.class)),
        Columns.required(row, "number", Long.class),
        Columns.required(row, "deleted", Boolean.class),
        row.get("updated_at", Instant.class),
        row.get("author", String.class));
  }

  static Write write(Collection<Owned<Comment>> rows) {
    return RowStore.write(
        """
        insert into pull_request_comment (
          tenant, repository_id, kind, comment_id, number, deleted, updated_at, author)
        select * from unnest(
          $1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::boolean[], $7::timestamptz[],
          $8::text[])
        on conflict (tenant, repository_id, kind, comment_id) do update set
          number = excluded.number, deleted = excluded.deleted, updated_at = excluded.updated_at,
          author = excluded.author
        """,
        rows,
        column(rows, comment -> comment.key().kind().name(), String[]::new),
        column(rows, comment -> comment.key().id(), Long[]::new),
        column(rows, Comment::number, Long[]::new),
        column(rows, Comment::deleted, Boolean[]::new),
        column(rows, comment -> Columns.utc(comment.updatedAt()), OffsetDateTime[]::new),
        column(rows, Comment::author, String[]::new));
  }
}
