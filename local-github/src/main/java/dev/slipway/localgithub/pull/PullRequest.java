package dev.slipway.localgithub.pull;

import dev.slipway.localgithub.api.Account;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A pull request.
///
/// @param attempt what is tried with it
public record PullRequest(
    Identity identity,
    Content content,
    Branch head,
    Branch base,
    Instant updatedAt,
    Ending ending,
    Attempt attempt) {
  /// What never changes.
  ///
  /// @param id among all pull requests
  /// @param number among those of its repository
  /// @param fork where its head is; null for the repository itself
  public record Identity(
      long id,
      long repository,
      long number,
      Account author,
      Instant createdAt,
      @Nullable Fork fork) {}

  /// A fork that a head is in, be it that it is there no more.
  public record Fork(long repository, Account holder) {}

  /// What people write.
  ///
  /// @param reviewers that were asked
  public record Content(
      String title,
      @Nullable String body,
      boolean draft,
      boolean modifiable,
      List<String> labels,
      List<Account> reviewers) {
    public Content {
      labels = List.copyOf(labels);
      reviewers = List.copyOf(reviewers);
    }
  }

  /// A branch, and its commit when the pull request last looked.
  public record Branch(String ref, String sha) {}

  /// How it ended; nothing is set while it is open.
  ///
  /// @param sha what the merge made
  public record Ending(
      @Nullable Instant closedAt,
      @Nullable Instant mergedAt,
      @Nullable Account by,
      @Nullable String sha) {
    static final Ending NONE = new Ending(null, null, null, null);
  }

  /// Merges that are not, or not yet.
  ///
  /// @param test a merge that nobody asked for, of these very commits; null when none was made
  /// @param mergeable whether there were no conflicts, null when nobody has looked
  /// @param under what is about to be the tip of the base
  public record Attempt(
      @Nullable String test, @Nullable Boolean mergeable, @Nullable String under) {
    static final Attempt NONE = new Attempt(null, null, null);
  }

  public long number() {
    return identity.number();
  }

  /// The reference that follows its head.
  String headRef() {
    return "refs/pull/" + number() + "/head";
  }

  public boolean isOpen() {
    return ending.closedAt() == null;
  }

  public boolean isMerged() {
    return ending.mergedAt() != null;
  }

  PullRequest with(Content changed, Instant now) {
    return new PullRequest(identity, changed, head, base, now, ending, attempt);
  }

  PullRequest titled(String title, @Nullable String body, boolean modifiable, Instant now) {
    return with(
        new Content(
            title, body, content.draft(), modifiable, content.labels(), content.reviewers()),
        now);
  }

  PullRequest drafted(boolean draft, Instant now) {
    return with(
        new Content(
            content.title(),
            content.body(),
            draft,
            content.modifiable(),
            content.labels(),
            content.reviewers()),
        now);
  }

  PullRequest labelled(List<String> labels, Instant now) {
    return with(
        new Content(
            content.title(),
            content.body(),
            content.draft(),
            content.modifiable(),
            labels,
            content.reviewers()),
        now);
  }

  PullRequest asking(List<Account> reviewers, Instant now) {
    return with(
        new Content(
            content.title(),
            content.body(),
            content.draft(),
            content.modifiable(),
            content.labels(),
            reviewers),
        now);
  }

  PullRequest touched(Instant now) {
    return with(content, now);
  }

  PullRequest at(Branch newHead, Branch newBase, Instant now) {
    return new PullRequest(identity, content, newHead, newBase, now, ending, Attempt.NONE);
  }

  PullRequest closed(Instant now) {
    return new PullRequest(
        identity, content, head, base, now, new Ending(now, null, null, null), attempt);
  }

  PullRequest reopened(Instant now) {
    return new PullRequest(identity, content, head, base, now, Ending.NONE, Attempt.NONE);
  }

  PullRequest merged(Account by, String sha, Instant now) {
    return new PullRequest(
        identity, content, head, base, now, new Ending(now, now, by, sha), Attempt.NONE);
  }

  PullRequest trying(Attempt tried) {
    return new PullRequest(identity, content, head, base, updatedAt, ending, tried);
  }
}
