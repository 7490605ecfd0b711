package dev.slipway.localgithub.check;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A check of a commit, which the App makes.
///
/// @param suite that all of one commit are in
record CheckRun(
    long id,
    long suite,
    String name,
    String sha,
    String status,
    @Nullable String conclusion,
    @Nullable String detailsUrl,
    @Nullable String externalId,
    Instant startedAt,
    @Nullable Instant completedAt,
    @Nullable String title,
    @Nullable String summary,
    @Nullable String text) {
  boolean isCompleted() {
    return status.equals("completed");
  }
}
