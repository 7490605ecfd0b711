package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.core.Numbered;
import dev.slipway.pr.pullrequest.PullRequestEvent.Announced;
import dev.slipway.pr.pullrequest.PullRequestEvent.Cause;
import dev.slipway.pr.pullrequest.PullRequestEvent.Learned;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What follows from facts: those that are new are learned, and what of it shows is announced. The
/// state is a join, so that facts end in the same state in whatever order and however often they
/// come.
@SuppressWarnings("ReferenceEquality") // of persistent maps: the same one means nothing was learned
public final class PullRequestDecider {
  private PullRequestDecider() {}

  /// What follows from facts about one repository.
  ///
  /// @return nothing when every fact is known already
  public static List<PullRequestEvent> decide(
      Repository before, Collection<Fact> facts, Cause cause) {
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
      events.addAll(announce(before, after, number, cause));
    }
    return events;
  }

  /// The state after an event.
  public static Repository evolve(Repository state, Numbered<PullRequestEvent> numbered) {
    return switch (numbered.event()) {
      case Learned(var fact) -> state.with(fact);
      case Announced announced -> state.at(announced.summary().number(), numbered.version());
    };
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

  private static List<Announced> announce(
      Repository before, Repository after, long number, Cause cause) {
    Summary summary = summary(after, number);
    if (summary == null) {
      return List.of();
    }
    return Changes.between(
            summary(before, number), summary, newReviews(before, after.pullRequest(number)))
        .stream()
        .map(
            change -> new Announced(change.kind(), change.reviewId(), summary, after.name(), cause))
        .toList();
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
