package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.core.DerivedIds;
import dev.slipway.pr.pullrequest.PullRequestEvent.Announced;
import dev.slipway.pr.pullrequest.PullRequestEvent.Cause;
import dev.slipway.pr.pullrequest.PullRequestEvent.Kind;
import dev.slipway.pr.pullrequest.PullRequestEvent.Learned;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What follows from facts: those that are new are learned, and what of it shows is announced. The
/// state is a join, so that facts end in the same state in whatever order and however often they
/// come.
///
/// @param ids of the events
@SuppressWarnings("ReferenceEquality") // of persistent maps: the same one means nothing was learned
public record PullRequestDecider(DerivedIds ids) {

  /// What follows from facts about one repository.
  ///
  /// @return nothing when every fact is known already
  public List<PullRequestEvent> decide(
      long repositoryId, Repository before, Collection<Fact> facts, Cause cause) {
    List<PullRequestEvent> events = new ArrayList<>();
    Repository after = before;
    for (Fact fact : facts) {
      Repository next = after.with(fact);
      if (next != after) {
        events.add(new Learned(fact));
        after = next;
      }
    }
    for (long number : touched(after, events)) {
      announce(repositoryId, before, after, number, cause).forEach(events::add);
    }
    return events;
  }

  /// The state after an event.
  public Repository evolve(Repository state, PullRequestEvent event) {
    return switch (event) {
      case Learned(var fact) -> state.with(fact);
      case Announced announced -> state.with(announced);
    };
  }

  /// The topic key of a pull request's events.
  static String key(Cause cause, long repositoryId, long number) {
    return cause.keyPrefix() + repositoryId + "#" + number;
  }

  private static Collection<Long> touched(Repository state, List<PullRequestEvent> learned) {
    var numbers = new TreeSet<Long>();
    for (PullRequestEvent event : learned) {
      if (event instanceof Learned(var fact)) {
        switch (fact) {
          case Fact.Seen(var number, _) -> numbers.add(number);
          case Fact.MergedAs(var number, _) -> numbers.add(number);
          case Fact.Reviewed(var number, _) -> numbers.add(number);
          case Fact.Checked(var check) -> numbers.addAll(state.headedBy(check.key().sha()));
          // these show in no pull request
          case Fact.Named _, Fact.Commented _, Fact.Ran _ -> {}
        }
      }
    }
    return numbers;
  }

  private List<Announced> announce(
      long repositoryId, Repository before, Repository after, long number, Cause cause) {
    Summary summary = summary(after, number);
    if (summary == null) {
      return List.of();
    }
    List<Changes.Change> changes =
        Changes.between(
            summary(before, number), summary, newReviews(before, after.pullRequest(number)));
    List<Announced> announced = new ArrayList<>();
    Map<Kind, Integer> ofKind = new EnumMap<>(Kind.class);
    long version = after.pullRequest(number).version();
    for (Changes.Change change : changes) {
      version++;
      int n = ofKind.merge(change.kind(), 1, Integer::sum) - 1;
      announced.add(
          new Announced(
              ids.of(cause.id(), change.kind().type(), key(cause, repositoryId, number), n),
              change.kind(),
              change.reviewId(),
              version,
              summary,
              after.name(),
              cause));
    }
    return announced;
  }

  private static List<Review> newReviews(Repository before, PullRequest after) {
    PullRequest known = before.pullRequest(after.number());
    return after.reviews().values().stream()
        .filter(review -> {
          Review former = known.reviews().get(review.id());
          return former == null || former.state() != review.state();
        })
        .sorted(Comparator.comparingLong(Review::id))
        .toList();
  }

  private static @Nullable Summary summary(Repository state, long number) {
    PullRequest pullRequest = state.pullRequest(number);
    return pullRequest.isKnown()
        ? Summary.of(pullRequest, state.checks(pullRequest.headSha()))
        : null;
  }
}
