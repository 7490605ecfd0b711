package dev.slipway.localgithub.review;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.api.Api;
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
import dev.slipway.localgithub.store.Store;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// What is answered about pull requests as issues: their comments.
public final class IssueRoutes {
  private static final String ISSUE = "/repos/{owner}/{repo}/issues/{number}";
  private static final String COMMENT = "/repos/{owner}/{repo}/issues/comments/{comment}";
  private static final String[] PERMISSIONS = {"issues", "pull_requests"};
  private static final int LONGEST_BODY = 65_536;

  private final Comments comments;
  private final PullRequests pulls;
  private final Repositories repositories;
  private final Events events;
  private final PullJson pullJson;
  private final Store store;
  private final Urls urls;
  private final Clock clock;

  public IssueRoutes(Comments comments, PullRequests pulls, PullJson pullJson, Site site) {
    this.comments = comments;
    this.pulls = pulls;
    this.pullJson = pullJson;
    repositories = site.repositories();
    events = site.events();
    store = site.store();
    urls = site.urls();
    clock = site.clock();
  }

  public void addTo(Api api) {
    Api _ =
        api.on("GET " + COMMENT, this::show)
            .on("PATCH " + COMMENT, this::edit)
            .on("DELETE " + COMMENT, this::delete)
            .on("GET " + ISSUE, this::issue)
            .on("GET " + ISSUE + "/comments", this::list)
            .on("POST " + ISSUE + "/comments", this::create);
  }

  private Repository readable(Call call) {
    Repository repository = repositories.require(call);
    call.caller().require(false, PERMISSIONS);
    return repository;
  }

  private void issue(Call call) throws IOException {
    Repository repository = readable(call);
    call.answer(200, issue(repository, pulls.require(repository, call)));
  }

  private void list(Call call) throws IOException {
    Repository repository = readable(call);
    PullRequest pull = pulls.require(repository, call);
    call.page(comments.of(repository, pull), comment -> json(repository, pull, comment));
  }

  private static String text(Call call) throws IOException {
    String text = call.body().requireText("body");
    if (text.isBlank()) {
      throw Refusals.invalid("IssueComment", "body", "custom", "body cannot be blank");
    }
    if (text.length() > LONGEST_BODY) {
      throw Refusals.invalid(
          "IssueComment", "body", "custom", "body is too long (maximum is 65536 characters)");
    }
    return text;
  }

  private void create(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, PERMISSIONS);
    PullRequest pull = pulls.require(repository, call);
    Instant now = clock.instant();
    Comment made =
        new Comment(store.nextId(), pull.number(), call.caller().account(), text(call), now, now);
    comments.put(repository, made);
    PullRequest touched = pulls.touch(pull, now);
    emit(repository, touched, made, "created", call.caller().account(), Json.object());
    ObjectNode json = json(repository, touched, made);
    call.exchange().set("Location", json.path("url").asString());
    call.answer(201, json);
  }

  private Comment require(Repository repository, Call call) {
    return comments.find(repository, call.number("comment")).orElseThrow(Refusals::notFound);
  }

  private PullRequest pullOf(Repository repository, Comment comment) {
    return pulls.find(repository, comment.pull()).orElseThrow(Refusals::notFound);
  }

  private void show(Call call) throws IOException {
    Repository repository = readable(call);
    Comment comment = require(repository, call);
    call.answer(200, json(repository, pullOf(repository, comment), comment));
  }

  private void edit(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, PERMISSIONS);
    Comment before = require(repository, call);
    Comment after = before.saying(text(call), clock.instant());
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
    Repository repository = repositories.requireWritable(call, PERMISSIONS);
    Comment comment = require(repository, call);
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
      Comment comment,
      String action,
      Account by,
      ObjectNode more) {
    ObjectNode payload =
        Json.object()
            .set("issue", issue(repository, pull))
            .set("comment", json(repository, pull, comment));
    payload.setAll(more);
    events.emit(repository, by, "issue_comment", action, payload);
  }

  private String url(Repository repository) {
    return urls.api("/repos/" + repository.fullName());
  }

  private ObjectNode json(Repository repository, PullRequest pull, Comment comment) {
    return Json.object()
        .put("url", url(repository) + "/issues/comments/" + comment.id())
        .put("html_url", pullJson.html(repository, pull) + "#issuecomment-" + comment.id())
        .put("issue_url", url(repository) + "/issues/" + pull.number())
        .put("id", comment.id())
        .put("node_id", Json.nodeId("IssueComment", comment.id()))
        .set("user", comment.author().json(urls))
        .put("created_at", Json.time(comment.createdAt()))
        .put("updated_at", Json.time(comment.updatedAt()))
        .put("author_association", PullJson.association(comment.author()))
        .put("body", comment.body())
        .set("reactions", reactions(url(repository) + "/issues/comments/" + comment.id()))
        .putNull("performed_via_github_app");
  }

  static ObjectNode reactions(String of) {
    ObjectNode json = Json.object().put("url", of + "/reactions").put("total_count", 0);
    for (String each :
        new String[] {"+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"}) {
      json.put(each, 0);
    }
    return json;
  }

  private ObjectNode issue(Repository repository, PullRequest pull) {
    String url = url(repository) + "/issues/" + pull.number();
    ObjectNode simple = pullJson.simple(repository, pull);
    ObjectNode json =
        Json.object()
            .put("url", url)
            .put("repository_url", url(repository))
            .put("labels_url", url + "/labels{/name}")
            .put("comments_url", url + "/comments")
            .put("events_url", url + "/events")
            .put("timeline_url", url + "/timeline")
            .put("id", pull.identity().id())
            .put("node_id", simple.path("node_id").asString());
    for (String same :
        new String[] {
          "html_url",
          "number",
          "title",
          "user",
          "labels",
          "state",
          "locked",
          "assignee",
          "assignees",
          "milestone",
          "created_at",
          "updated_at",
          "closed_at",
          "author_association",
          "active_lock_reason",
          "draft",
          "body"
        }) {
      json.set(same, simple.path(same));
    }
    return json.put("comments", comments.count(pull))
        .set(
            "pull_request",
            Json.object()
                .put("url", simple.path("url").asString())
                .put("html_url", simple.path("html_url").asString())
                .put("diff_url", simple.path("diff_url").asString())
                .put("patch_url", simple.path("patch_url").asString())
                .set("merged_at", simple.path("merged_at")))
        .set("reactions", reactions(url))
        .putNull("closed_by")
        .putNull("performed_via_github_app")
        .putNull("state_reason");
  }
}
