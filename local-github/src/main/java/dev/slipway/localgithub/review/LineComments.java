package dev.slipway.localgithub.review;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.api.Body;
import dev.slipway.localgithub.api.Refusals;
import dev.slipway.localgithub.git.Commits;
import dev.slipway.localgithub.git.Diffs;
import dev.slipway.localgithub.git.GitRepository;
import dev.slipway.localgithub.pull.PullRequest;
import dev.slipway.localgithub.repository.Repositories;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localgithub.review.LineComment.Place;
import dev.slipway.localgithub.store.Documents;
import dev.slipway.localgithub.store.Key;
import dev.slipway.localgithub.store.Store;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// All comments on lines.
public final class LineComments {
  private static final String RESOURCE = "PullRequestReviewComment";

  private final Documents<LineComment> all;
  private final Store store;
  private final Repositories repositories;
  private final Clock clock;

  public LineComments(Store store, Repositories repositories, Clock clock) {
    this.store = store;
    this.repositories = repositories;
    this.clock = clock;
    all = store.documents("line-comment", LineComment.class);
  }

  List<LineComment> of(Repository repository, PullRequest pull) {
    return all.of(repository.id()).stream()
        .filter(comment -> comment.pull() == pull.number())
        .toList();
  }

  /// How many there are.
  public int count(PullRequest pull) {
    return (int)
        all.of(pull.identity().repository()).stream()
            .filter(comment -> comment.pull() == pull.number())
            .count();
  }

  Optional<LineComment> find(Repository repository, long id) {
    return all.find(new Key(repository.id(), id));
  }

  void put(Repository repository, LineComment comment) {
    all.put(new Key(repository.id(), comment.id()), comment);
  }

  void remove(Repository repository, LineComment comment) {
    boolean _ = all.remove(new Key(repository.id(), comment.id()));
  }

  /// Reads one that is to be made, of a line that the pull request changes.
  ///
  /// @param review it is part of; null for none
  LineComment read(
      Repository repository, PullRequest pull, Body body, @Nullable Long review, Account by) {
    String path = body.requireText("path");
    GitRepository git = repositories.git(repository);
    String hunk =
        new Commits(git)
                .mergeBase(pull.base().sha(), pull.head().sha())
                .map(base -> new Diffs(git).between(base, pull.head().sha(), true))
                .orElseGet(List::of)
                .stream()
                .filter(change -> change.path().equals(path))
                .findFirst()
                .map(change -> Optional.ofNullable(change.patch()).orElse(""))
                .orElseThrow(() -> Refusals.invalid(RESOURCE, "path", "invalid"));
    long line =
        body.number("line")
            .or(() -> body.number("position"))
            .filter(number -> number > 0 && number < Integer.MAX_VALUE)
            .orElseThrow(() -> Refusals.invalid(RESOURCE, "line", "missing_field"));
    String side = body.text("side").orElse("RIGHT");
    if (!side.equals("LEFT") && !side.equals("RIGHT")) {
      throw Refusals.invalid(RESOURCE, "side", "invalid");
    }
    String commit = body.text("commit_id").orElse(pull.head().sha());
    if (git.commit(commit).isEmpty()) {
      throw Refusals.invalid(RESOURCE, "commit_id", "invalid");
    }
    return made(
        pull, review, null, by, text(body), new Place(commit, path, (int) line, side, hunk));
  }

  /// An answer to another.
  LineComment answer(PullRequest pull, LineComment to, Body body, Account by) {
    return made(pull, to.review(), to.id(), by, text(body), to.place());
  }

  private LineComment made(
      PullRequest pull,
      @Nullable Long review,
      @Nullable Long inReplyTo,
      Account by,
      String text,
      Place place) {
    Instant now = clock.instant();
    return new LineComment(
        store.nextId(), pull.number(), review, inReplyTo, by, text, place, now, now);
  }

  static String text(Body body) {
    String text = body.requireText("body");
    if (text.isBlank()) {
      throw Refusals.invalid(RESOURCE, "body", "custom", "body cannot be blank");
    }
    return text;
  }
}
