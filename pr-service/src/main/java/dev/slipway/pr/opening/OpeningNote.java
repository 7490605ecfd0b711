package dev.slipway.pr.opening;

import org.jspecify.annotations.Nullable;

/// What a worker leaves for whoever comes after it.
///
/// @param seen highest number of a pull request of the head that was there before one was created,
///   0 for none; null as long as nothing was sent that may have created one
/// @param refusals how often GitHub has said what may pass by itself: that it does not see the
///   branch, or something new on it, or that there is one already
record OpeningNote(@Nullable Long seen, int refusals) {
  static final OpeningNote NONE = new OpeningNote(null, 0);

  /// One is created now. What an earlier create has done may still come to light.
  OpeningNote creating(long highest) {
    return new OpeningNote(seen == null ? Long.valueOf(highest) : seen, refusals);
  }

  OpeningNote refused() {
    return new OpeningNote(seen, refusals + 1);
  }
}
