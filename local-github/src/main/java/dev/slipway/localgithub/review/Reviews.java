package dev.slipway.localgithub.review;

import dev.slipway.localgithub.api.Account;
import dev.slipway.localgithub.pull.PullRequest;
import dev.slipway.localgithub.repository.Repository;
import dev.slipway.localgithub.review.Review.State;
import dev.slipway.localgithub.store.Documents;
import dev.slipway.localgithub.store.Key;
import dev.slipway.localgithub.store.Store;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All reviews.
public final class Reviews {
  private final Documents<Review> all;

  public Reviews(Store store) {
    all = store.documents("review", Review.class);
  }

  List<Review> of(Repository repository, PullRequest pull) {
    return all.of(repository.id()).stream()
        .filter(review -> review.pull() == pull.number())
        .toList();
  }

  Optional<Review> find(Repository repository, PullRequest pull, long id) {
    return all.find(new Key(repository.id(), id)).filter(review -> review.pull() == pull.number());
  }

  void put(Repository repository, Review review) {
    all.put(new Key(repository.id(), review.id()), review);
  }

  /// What each reviewer thinks in the end: approved, or changes requested.
  private Map<Account, State> opinions(Repository repository, PullRequest pull) {
    Map<Account, State> opinions = new HashMap<>();
    for (Review review : of(repository, pull)) {
      switch (review.state()) {
        case APPROVED, CHANGES_REQUESTED -> opinions.put(review.author(), review.state());
        case DISMISSED -> opinions.remove(review.author());
        case PENDING, COMMENTED -> {}
      }
    }
    return opinions;
  }

  /// Why a base that wants approvals does not take it yet.
  public Optional<String> refusal(Repository repository, PullRequest pull, int wanted) {
    Map<Account, State> opinions = opinions(repository, pull);
    if (opinions.containsValue(State.CHANGES_REQUESTED)) {
      return Optional.of("Changes were requested by reviewers with write access.");
    }
    return opinions.size() < wanted
        ? Optional.of(
            "At least %d approving review%s required by reviewers with write access."
                .formatted(wanted, wanted == 1 ? " is" : "s are"))
        : Optional.empty();
  }
}
