package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pipeline.database.Columns;
import dev.slipway.pipeline.database.Flight;
import dev.slipway.pr.pullrequest.PullRequestEvent.Announced;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// The tables of a repository's registers and their rows, each described once.
final class RegisterStore {
  static final RowStore<Owned<RepositoryName>> NAMES =
      owned(
          "repository_name",
          RowColumns.<RepositoryName>none()
              .key("full_name", "text", RepositoryName::fullName)
              .and("url", "text", RepositoryName::url)
              .and("seen_at", "timestamptz", RepositoryName::seenAt));

  static final RowStore<Owned<PullRequest>> PULL_REQUESTS =
      owned(
          "pull_request",
          RowColumns.<PullRequest>none()
              .key("number", "bigint", PullRequest::number)
              .and("version", "bigint", PullRequest::version)
              .and("core", "jsonb", row -> RegisterCodec.write(row.core()))
              .and("merge", "jsonb", row -> RegisterCodec.write(row.merge()))
              .and("reviews", "jsonb", row -> RegisterCodec.write(row.reviews()))
              .and("state", "text", row -> row.state() == null ? null : row.state().name())
              .and("author", "text", PullRequest::author)
              .and("head_sha", "text", PullRequest::headSha)
              .and("created_at", "timestamptz", PullRequest::createdAt)
              .and("ambiguous", "boolean", PullRequest::isAmbiguous));

  static final RowStore<Owned<Check>> CHECKS =
      owned(
          "commit_check",
          RowColumns.<Check>none()
              .key("sha", "text", check -> check.key().sha())
              .key("kind", "text", check -> check.key().kind().name())
              .key("app_id", "bigint", check -> check.key().appId())
              .key("name", "text", check -> check.key().name())
              .and("run_id", "bigint", Check::runId)
              .and("result", "text", check -> check.result().name())
              .and("ended_at", "timestamptz", Check::endedAt));

  static final RowStore<Owned<Comment>> COMMENTS =
      owned(
          "pull_request_comment",
          RowColumns.<Comment>none()
              .key("kind", "text", comment -> comment.key().kind().name())
              .key("comment_id", "bigint", comment -> comment.key().id())
              .and("number", "bigint", Comment::number)
              .and("deleted", "boolean", Comment::deleted)
              .and("updated_at", "timestamptz", Comment::updatedAt)
              .and("author", "text", Comment::author));

  static final RowStore<Owned<WorkflowRun>> RUNS =
      owned(
          "workflow_run",
          RowColumns.<WorkflowRun>none()
              .key("run_id", "bigint", WorkflowRun::id)
              .and("attempt", "bigint", WorkflowRun::attempt)
              .and("result", "text", run -> run.result().name())
              .and("updated_at", "timestamptz", WorkflowRun::updatedAt)
              .and("head_sha", "text", WorkflowRun::headSha));

  static final RowStore<Owned<Numbered<Announced>>> TIMELINE =
      owned(
          "pull_request_event",
          RowColumns.<Numbered<Announced>>none()
              .key("number", "bigint", line -> line.event().summary().number())
              .key("version", "bigint", Numbered::version)
              .and("event_id", "uuid", Numbered::publishedId)
              .and("type", "text", line -> line.event().kind().type())
              .and("actor", "text", line -> line.event().cause().actor())
              .and("at", "timestamptz", Numbered::at)
              .and("cause_id", "uuid", Numbered::causeId)
              .and("delivery_id", "uuid", line -> line.event().cause().deliveryId()));

  static final RowColumns<RepositoryKey> REPOSITORY =
      RowColumns.<RepositoryKey>none()
          .key("tenant", "text", RepositoryKey::tenant)
          .key("repository_id", "bigint", RepositoryKey::repositoryId);
  static final RowColumns<Owned<Long>> NUMBER = key("number", "bigint");
  static final RowColumns<Owned<String>> HEAD = key("head_sha", "text");
  static final RowColumns<Owned<String>> ADDRESS = key("address", "text");
  static final RowColumns<Owned<String>> BRANCH = key("branch", "text");
  private static final RowColumns<Owned<String>> COMMIT = key("sha", "text");
  private static final RowColumns<Owned<Long>> RUN = key("run_id", "bigint");
  private static final RowColumns<Owned<Comment.Key>> COMMENT =
      Owned.columns(
          RowColumns.<Comment.Key>none()
              .key("kind", "text", key -> key.kind().name())
              .key("comment_id", "bigint", Comment.Key::id));

  private RegisterStore() {}

  private static <T> RowStore<Owned<T>> owned(String table, RowColumns<T> columns) {
    return new RowStore<>(table, Owned.columns(columns));
  }

  private static <T> RowColumns<Owned<T>> key(String column, String type) {
    return Owned.columns(RowColumns.<T>none().key(column, type, value -> value));
  }

  static Supplier<List<Owned<RepositoryName>>> names(
      Flight flight, Collection<RepositoryKey> repositories) {
    return NAMES.read(flight, owned(RegisterStore::name), REPOSITORY, repositories);
  }

  /// @param heads commits whose pull requests are asked for
  static Supplier<List<Owned<PullRequest>>> pullRequests(
      Flight flight, Collection<Owned<Long>> numbers, Collection<Owned<String>> heads) {
    return PULL_REQUESTS.read(
        flight, owned(RegisterStore::pullRequest), NUMBER.keys(numbers), HEAD.keys(heads));
  }

  /// @param numbers of pull requests the checks on whose heads are asked for
  static Supplier<List<Owned<Check>>> checks(
      Flight flight, Collection<Owned<String>> commits, Collection<Owned<Long>> numbers) {
    return CHECKS.read(
        flight, owned(RegisterStore::check), COMMIT.keys(commits).orHeadsOf(NUMBER.keys(numbers)));
  }

  static Supplier<List<Owned<Comment>>> comments(
      Flight flight, Collection<Owned<Comment.Key>> keys) {
    return COMMENTS.read(flight, owned(RegisterStore::comment), COMMENT, keys);
  }

  static Supplier<List<Owned<WorkflowRun>>> runs(Flight flight, Collection<Owned<Long>> ids) {
    return RUNS.read(flight, owned(RegisterStore::run), RUN, ids);
  }

  private static <T> Function<Readable, Owned<T>> owned(Function<Readable, T> reader) {
    return row -> new Owned<>(repository(row), reader.apply(row));
  }

  private static RepositoryKey repository(Readable row) {
    return new RepositoryKey(
        Columns.required(row, "tenant", String.class),
        Columns.required(row, "repository_id", Long.class));
  }

  private static RepositoryName name(Readable row) {
    return new RepositoryName(
        Columns.required(row, "full_name", String.class),
        row.get("url", String.class),
        Columns.required(row, "seen_at", Instant.class));
  }

  static PullRequest pullRequest(Readable row) {
    return new PullRequest(
        Columns.required(row, "number", Long.class),
        RegisterCodec.core(Columns.json(row, "core")),
        RegisterCodec.merge(Columns.json(row, "merge")),
        RegisterCodec.reviews(Columns.json(row, "reviews")),
        Columns.required(row, "version", Long.class));
  }

  private static Check check(Readable row) {
    return new Check(
        new Check.Key(
            Columns.required(row, "sha", String.class),
            Check.Kind.valueOf(Columns.required(row, "kind", String.class)),
            Columns.required(row, "app_id", Long.class),
            Columns.required(row, "name", String.class)),
        Columns.required(row, "run_id", Long.class),
        Check.Result.valueOf(Columns.required(row, "result", String.class)),
        row.get("ended_at", Instant.class));
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

  private static WorkflowRun run(Readable row) {
    return new WorkflowRun(
        Columns.required(row, "run_id", Long.class),
        Columns.required(row, "attempt", Long.class),
        Check.Result.valueOf(Columns.required(row, "result", String.class)),
        row.get("updated_at", Instant.class),
        Columns.required(row, "head_sha", String.class));
  }
}
