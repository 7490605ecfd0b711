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
import dev.slipway.localgithub.review.Review.State;
import dev.slipway.localgithub.store.Store;
import dev.slipway.localserver.RefusedException;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is answered about reviews.
public final class ReviewRoutes {
  private static final String PULLS = "pull_requests";
  private static final String REVIEWS = "/repos/{owner}/{repo}/pulls/{number}/reviews";

  private final Reviews reviews;
  private final LineComments comments;
  private final LineCommentRoutes lines;
  private final PullRequests pulls;
  private final Repositories repositories;
  private final Events events;
  private final PullJson pullJson;
  private final Store store;
  private final Urls urls;
  private final Clock clock;

  /// @param lines where comments on lines are told of
  public ReviewRoutes(
      Reviews reviews,
      LineComments comments,
      LineCommentRoutes lines,
      PullRequests pulls,
      PullJson pullJson,
      Site site) {
    this.reviews = reviews;
    this.comments = comments;
    this.lines = lines;
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
        api.on("GET " + REVIEWS, this::list)
            .on("POST " + REVIEWS, this::create)
            .on("GET " + REVIEWS + "/{review}", this::show)
            .on("POST " + REVIEWS + "/{review}/events", this::submit)
            .on("PUT " + REVIEWS + "/{review}/dismissals", this::dismiss);
  }

  private void list(Call call) throws IOException {
    Repository repository = repositories.require(call);
    call.caller().require(false, PULLS);
    PullRequest pull = pulls.require(repository, call);
    Account reader = call.caller().account();
    call.page(
        reviews.of(repository, pull).stream()
            .filter(each -> each.state() != State.PENDING || each.author().equals(reader))
            .toList(),
        review -> json(repository, pull, review));
  }

  private void create(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, PULLS);
    PullRequest pull = pulls.require(repository, call);
    Body body = call.body();
    State state = body.text("event").map(ReviewRoutes::state).orElse(State.PENDING);
    String text = body.text("body").orElse("");
    List<JsonNode> remarks = body.items("comments").orElseGet(List::of);
    requireAllowed(state, text, !remarks.isEmpty(), pull, call.caller().account());
    String commit = body.text("commit_id").orElse(pull.head().sha());
    if (repositories.git(repository).commit(commit).isEmpty()) {
      throw Refusals.invalid("PullRequestReview", "commit_id", "invalid");
    }
    Review made =
        new Review(
            store.nextId(),
            pull.number(),
            call.caller().account(),
            state,
            text,
            commit,
            state == State.PENDING ? null : clock.instant());
    // read before anything is kept: one that cannot be refuses all
    List<LineComment> said =
        remarks.stream()
            .map(remark ->
                comments.read(
                    repository, pull, new Body(remark), made.id(), call.caller().account()))
            .toList();
    reviews.put(repository, made);
    said.forEach(remark -> lines.said(repository, pull, remark));
    if (state != State.PENDING) {
      emit(repository, pull, made, "submitted", call.caller().account());
    }
    call.answer(200, json(repository, pull, made));
  }

  private static State state(String event) {
    return switch (event) {
      case "APPROVE" -> State.APPROVED;
      case "REQUEST_CHANGES" -> State.CHANGES_REQUESTED;
      case "COMMENT" -> State.COMMENTED;
      default -> throw Refusals.invalid("PullRequestReview", "event", "invalid");
    };
  }

  /// @param hasRemarks on lines, which may stand for a text
  private static void requireAllowed(
      State state, String text, boolean hasRemarks, PullRequest pull, Account by) {
    boolean own = by.equals(pull.identity().author());
    if (own && state == State.APPROVED) {
      throw refused("Can not approve your own pull request");
    }
    if (own && state == State.CHANGES_REQUESTED) {
      throw refused("Can not request changes on your own pull request");
    }
    if (text.isBlank()
        && !hasRemarks
        && (state == State.CHANGES_REQUESTED || state == State.COMMENTED)) {
      throw refused("Could not create review: body can't be blank");
    }
  }

  private static RefusedException refused(String why) {
    return new RefusedException(422, "Unprocessable Entity").saying("errors", List.of(why));
  }

  private Review require(Repository repository, PullRequest pull, Call call) {
    return reviews.find(repository, pull, call.number("review")).orElseThrow(Refusals::notFound);
  }

  private void show(Call call) throws IOException {
    Repository repository = repositories.require(call);
    call.caller().require(false, PULLS);
    PullRequest pull = pulls.require(repository, call);
    call.answer(200, json(repository, pull, require(repository, pull, call)));
  }

  private void submit(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, PULLS);
    PullRequest pull = pulls.require(repository, call);
    Review pending = require(repository, pull, call);
    if (pending.state() != State.PENDING || !pending.author().equals(call.caller().account())) {
      throw refused("Could not submit review");
    }
    Body body = call.body();
    State state = state(body.requireText("event"));
    String text = body.text("body").orElse(pending.body());
    requireAllowed(state, text, false, pull, call.caller().account());
    change(call, repository, pull, pending.with(state, text, clock.instant()), "submitted");
  }

  private void dismiss(Call call) throws IOException {
    Repository repository = repositories.requireWritable(call, PULLS);
    PullRequest pull = pulls.require(repository, call);
    Review review = require(repository, pull, call);
    String _ = call.body().requireText("message");
    if (review.state() != State.APPROVED && review.state() != State.CHANGES_REQUESTED) {
      throw refused("Can not dismiss a " + lower(review.state()) + " pull request review");
    }
    change(
        call,
        repository,
        pull,
        review.with(
            State.DISMISSED,
            review.body(),
            Optional.ofNullable(review.submittedAt()).orElseGet(clock::instant)),
        "dismissed");
  }

  private void change(
      Call call, Repository repository, PullRequest pull, Review review, String action)
      throws IOException {
    reviews.put(repository, review);
    emit(repository, pull, review, action, call.caller().account());
    call.answer(200, json(repository, pull, review));
  }

  private void emit(
      Repository repository, PullRequest pull, Review review, String action, Account by) {
    ObjectNode json = json(repository, pull, review).put("state", lower(review.state()));
    json.put("updated_at", Json.time(clock.instant()));
    events.emit(
        repository,
        by,
        "pull_request_review",
        action,
        Json.object().set("review", json).set("pull_request", pullJson.simple(repository, pull)));
  }

  private static String lower(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private ObjectNode json(Repository repository, PullRequest pull, Review review) {
    String html = pullJson.html(repository, pull) + "#pullrequestreview-" + review.id();
    ObjectNode json =
        Json.object()
            .put("id", review.id())
            .put("node_id", Json.nodeId("PullRequestReview", review.id()))
            .set("user", review.author().json(urls))
            .put("body", review.body())
            .put("state", review.state().name())
            .put("html_url", html)
            .put("pull_request_url", pullJson.url(repository, pull))
            .put("author_association", PullJson.association(review.author()))
            .set(
                "_links",
                Json.object()
                    .set("html", Json.object().put("href", html))
                    .set(
                        "pull_request", Json.object().put("href", pullJson.url(repository, pull))));
    if (review.submittedAt() != null) {
      json.put("submitted_at", Json.time(review.submittedAt()));
    }
    return json.put("commit_id", review.commit());
  }
}
