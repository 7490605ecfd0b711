package dev.slipway.pr.pullrequest;

import java.util.Comparator;

/// What decisions hang on. Two snapshots of one second that differ in it leave open which was
/// later.
///
/// @param state open or closed
/// @param contradictory whether the action that came with it cannot have led to this state, as in a
///   `closed` whose object is open
record Standing(
    PullRequestState state, boolean draft, String headSha, String baseRef, boolean contradictory)
    implements Comparable<Standing> {
  private static final Comparator<Standing> ORDER =
      Comparator.comparing(Standing::state)
          .thenComparing(Standing::draft)
          .thenComparing(Standing::headSha)
          .thenComparing(Standing::baseRef)
          .thenComparing(Standing::contradictory);

  @Override
  public int compareTo(Standing other) {
    return ORDER.compare(this, other);
  }
}
