package dev.slipway.localgithub.review;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.api.Api;
import dev.slipway.localgithub.api.Body;
import dev.slipway.localgithub.api.Call;
import dev.slipway.localgithub.api.Json;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.api.Urls;
import dev.slipway.localgithub.pull.PullJson;
import dev.slipway.localgithub.pull.PullRequest;
import dev.slipway.localgithub.pull.PullRequests;
import dev.slipway.localgithub.repository.Events;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localgithub.repository.Site;
import java.io.IOException;
import java.time.Clock;
import tools.jackson.databind.node.ObjectNode;

/// What is answered about comments on lines.
public final class LineCommentRoutes {
  private static final String PERMISSION = "pull_requests";
  private static final String OF_PULL = "/repos/{owner}/{repo}/pulls/{number}/comments";
  private static final String ONE = "/repos/{owner}/{repo}/pulls/comments/{comment}";

  private final LineComments comments;
  private final PullRequests pulls;
  private final Repositories repositories;
  private final Events events;
  private final PullJson pullJson;
  private final Urls urls;
  private final Clock clock;

  public LineCommentRoutes(
      LineComments comments, PullRequests pulls, PullJson pullJson, Site site) {
    this.comments = comments;
    this.pulls = pulls;
    this.pullJson = pullJson;
    repositories = site.repositories();
    events = site.events();
    urls = site.urls();
    clock = site.clock();
  }

  public void addTo(Api api) {
    Api _ =
        api.on("GET " + ONE, this::show)
            .on("PATCH " + ONE, this::edit)
            .on("DELETE " + ONE, this::delete)
            .on("GET " + OF_PULL, this::list)
            .on("POST " + OF_PULL, this::create)
            .on("POST " + OF_PULL + "/{comment}/replies", this::reply);
  }

  private Repository readable(Call call) {
    Repository repository = repositories.require(call);
    call.caller().require(false, PERMISSION);
    return repository;
  }

  private void list(Call call) throws IOException {
    Repository repository = readable(call);
    PullRequest pull = pulls.require(repository, call);
    call.page(comments.of(repository, pull), each -> json(repository, pull, each));
  }

  private void create(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, PERMISSION);
    PullRequest pull = pulls.require(repository, call);
    Body body = call.body();
    Account by = call.caller().account();
    LineComment made =
        body.number("in_reply_to").isPresent()
            ? comments.answer(
                pull,
                comments
                    .find(repository, body.number("in_reply_to").get())
                    .orElseThrow(Refusals::notFound),
                body,
                by)
            : comments.read(repository, pull, body, null, by);
    say(call, repository, pull, made);
  }

  private void reply(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, PERMISSION);
    PullRequest pull = pulls.require(repository, call);
    LineComment to = require(repository, call);
    say(call, repository, pull, comments.answer(pull, to, call.body(), call.caller().account()));
  }

  private void say(Call call, Repository repository, PullRequest pull, LineComment made)
      throws IOException {
    said(repository, pull, made);
    ObjectNode json = json(repository, pull, made);
    call.exchange().set("Location", json.path("url").asString());
    call.answer(201, json);
  }

  /// Keeps one that is new, and tells of it.
  void said(Repository repository, PullRequest pull, LineComment made) {
    comments.put(repository, made);
    PullRequest touched = pulls.touch(pull, clock.instant());
    emit(repository, touched, made, "created", made.author(), Json.object());
  }

  private LineComment require(Repository repository, Call call) {
    return comments.find(repository, call.number("comment")).orElseThrow(Refusals::notFound);
  }

  private PullRequest pullOf(Repository repository, LineComment comment) {
    return pulls.find(repository, comment.pull()).orElseThrow(Refusals::notFound);
  }

  private void show(Call call) throws IOException {
    Repository repository = readable(call);
    LineComment comment = require(repository, call);
    call.answer(200, json(repository, pullOf(repository, comment), comment));
  }

  private void edit(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, PERMISSION);
    LineComment before = require(repository, call);
    LineComment after = before.saying(LineComments.text(call.body()), clock.instant());
    comments.put(repository, after);
    PullRequest pull = pullOf(repository, after);
    emit(
        repository,
        pull,
        after,
        "edited",
        call.caller().account(),
        Json.object()
            .set("changes", Json.object().set("body", Json.object().put("from", before.body()))));
    call.answer(200, json(repository, pull, after));
  }

  private void delete(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, PERMISSION);
    LineComment comment = require(repository, call);
    comments.remove(repository, comment);
    emit(
        repository,
        pullOf(repository, comment),
        comment,
        "deleted",
        call.caller().account(),
        Json.object());
    call.noContent();
  }

  private void emit(
      Repository repository,
      PullRequest pull,
      LineComment comment,
      String action,
      Account by,
      ObjectNode more) {
    ObjectNode payload =
        Json.object()
            .set("comment", json(repository, pull, comment))
            .set("pull_request", pullJson.simple(repository, pull));
    payload.setAll(more);
    events.emit(repository, by, "pull_request_review_comment", action, payload);
  }

  private ObjectNode json(Repository repository, PullRequest pull, LineComment comment) {
    String url = urls.api("/repos/" + repository.fullName() + "/pulls/comments/" + comment.id());
    String html = pullJson.html(repository, pull) + "#discussion_r" + comment.id();
    LineComment.Place place = comment.place();
    ObjectNode json =
        Json.object()
            .put("url", url)
            .put("pull_request_review_id", comment.review())
            .put("id", comment.id())
            .put("node_id", Json.nodeId("PullRequestReviewComment", comment.id()))
            .put("diff_hunk", place.hunk())
            .put("path", place.path())
            .put("commit_id", place.commit())
            .put("original_commit_id", place.commit())
            .set("user", comment.author().json(urls))
            .put("body", comment.body())
            .put("created_at", Json.time(comment.createdAt()))
            .put("updated_at", Json.time(comment.updatedAt()))
            .put("html_url", html)
            .put("pull_request_url", pullJson.url(repository, pull))
            .put("author_association", PullJson.association(comment.author()))
            .set(
                "_links",
                Json.object()
                    .set("self", Json.object().put("href", url))
                    .set("html", Json.object().put("href", html))
                    .set("pull_request", Json.object().put("href", pullJson.url(repository, pull))))
            .set("reactions", IssueRoutes.reactions(url))
            .putNull("start_line")
            .putNull("original_start_line")
            .putNull("start_side")
            .put("line", place.line())
            .put("original_line", place.line())
            .put("position", place.line())
            .put("original_position", place.line())
            .put("side", place.side())
            .put("subject_type", "line");
    if (comment.inReplyTo() != null) {
      json.put("in_reply_to_id", comment.inReplyTo());
    }
    return json;
  }
}
