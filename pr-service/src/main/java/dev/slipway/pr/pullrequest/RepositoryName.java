package dev.slipway.pr.pullrequest;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// A name that a repository has or had.
///
/// @param fullName `owner/name`
/// @param url for people
/// @param seenAt `updated_at` of the newest object that bears it; [Instant#EPOCH] when only a later
///   name's delivery told of it
record RepositoryName(String fullName, @Nullable String url, Instant seenAt) {
  /// The current one of all is the greatest.
  static final Comparator<RepositoryName> ORDER =
      comparing(RepositoryName::seenAt)
          .thenComparing(RepositoryName::fullName)
          .thenComparing(RepositoryName::url, nullsFirst(naturalOrder()));

  RepositoryName with(RepositoryName other) {
    return ORDER.compare(this, other) < 0 ? other : this;
  }
}
