package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.live.CursorSource;
import dev.slipway.web.ApiException;
import dev.slipway.web.PageCursor;
import dev.slipway.web.SlipwayCursor;
import dev.slipway.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/// What became of pull requests.
@RestController
@RequestMapping("/api/v1/pull-requests")
@Tag(name = "pull requests", description = "What became of each pull request")
final class PullRequestController {
  // Postgres has no NUL in text: asked for one, it fails instead of finding nothing
  private static final String STORABLE = "[^\\x00]*";

  private static final long LARGEST_NUMBER = 999_999_999_999_999_999L; // of 18 digits

  private final Database database;
  private final CursorSource cursors;

  PullRequestController(Database database, CursorSource cursors) {
    this.database = database;
    this.cursors = cursors;
  }

  @GetMapping("/{owner}/{repo}/{number}")
  @Operation(summary = "One pull request; old names of a renamed repository answer too")
  Mono<ResponseEntity<PullRequestView>> pullRequest(
      @AuthenticationPrincipal Caller caller,
      @PathVariable @Pattern(regexp = STORABLE) String owner,
      @PathVariable @Pattern(regexp = STORABLE) String repo,
      @PathVariable @Min(1) @Max(LARGEST_NUMBER) long number) {
    return SlipwayCursor.answer(
            cursors,
            caller.tenant(),
            database.asApi(
                caller.tenant(),
                client -> PullRequestQueries.find(client, owner + "/" + repo, number)))
        .switchIfEmpty(Mono.error(() -> ApiException.notFound("pull request")));
  }

  @GetMapping
  @Operation(summary = "Pull requests, newest first")
  Mono<PullRequestView.Page> pullRequests(
      @AuthenticationPrincipal Caller caller,
      @RequestParam(required = false) @Pattern(regexp = STORABLE) @Nullable String repository,
      @RequestParam(required = false) @Nullable PullRequestState state,
      @RequestParam(required = false) @Pattern(regexp = STORABLE) @Nullable String author,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit) {
    // one more than asked for tells whether there is a next page
    var filter =
        new PullRequestFilter(
            repository,
            state,
            author,
            PageCursor.parameter(cursor, PullRequestCursor::parse),
            limit + 1);
    return database
        .asApi(caller.tenant(), client -> list(client, filter))
        .map(rows -> page(rows, limit));
  }

  @GetMapping("/{owner}/{repo}/{number}/timeline")
  @Operation(summary = "What happened to it, oldest first")
  Mono<TimelineView> timeline(
      @AuthenticationPrincipal Caller caller,
      @PathVariable @Pattern(regexp = STORABLE) String owner,
      @PathVariable @Pattern(regexp = STORABLE) String repo,
      @PathVariable @Min(1) @Max(LARGEST_NUMBER) long number,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit) {
    TimelineCursor after = PageCursor.parameter(cursor, TimelineCursor::parse);
    return database
        .asApi(
            caller.tenant(),
            client ->
                PullRequestQueries.repository(client, owner + "/" + repo)
                    .filterWhen(id -> PullRequestQueries.find(client, id, number).hasElement())
                    .flatMap(
                        id -> PullRequestQueries.timeline(client, id, number, after, limit + 1)))
        .map(items -> timeline(items, limit))
        .switchIfEmpty(Mono.error(() -> ApiException.notFound("pull request")));
  }

  private static Mono<List<PullRequestView>> list(DatabaseClient client, PullRequestFilter filter) {
    String repository = filter.repository();
    return repository == null
        ? PullRequestQueries.list(client, filter, null)
        : PullRequestQueries.repository(client, repository)
            .flatMap(id -> PullRequestQueries.list(client, filter, id))
            .defaultIfEmpty(List.of());
  }

  private static PullRequestView.Page page(List<PullRequestView> rows, int limit) {
    List<PullRequestView> shown = rows.subList(0, Math.min(limit, rows.size()));
    return new PullRequestView.Page(
        shown, rows.size() > limit ? shown.getLast().cursor().text() : null);
  }

  private static TimelineView timeline(List<TimelineView.Item> rows, int limit) {
    List<TimelineView.Item> shown = rows.subList(0, Math.min(limit, rows.size()));
    return new TimelineView(shown, rows.size() > limit ? shown.getLast().cursor().text() : null);
  }
}
