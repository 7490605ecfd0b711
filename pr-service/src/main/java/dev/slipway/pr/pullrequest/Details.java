package dev.slipway.pr.pullrequest;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Everything else that a snapshot shows. Ordered, for ties: any order does, as long as it is
/// total.
///
/// @param url for people
/// @param labels names, sorted
/// @param headRepositoryId null once the fork was deleted
/// @param closedAt null while open
record Details(
    @Nullable Long githubId,
    @Nullable String nodeId,
    @Nullable String url,
    @Nullable String title,
    @Nullable String author,
    List<String> labels,
    String headRef,
    @Nullable Long headRepositoryId,
    @Nullable String baseSha,
    @Nullable Instant closedAt,
    @Nullable Instant createdAt)
    implements Comparable<Details> {
  private static final Comparator<Details> ORDER =
      by(Details::githubId)
          .thenComparing(by(Details::nodeId))
          .thenComparing(by(Details::url))
          .thenComparing(by(Details::title))
          .thenComparing(by(Details::author))
          // NUL stands in no label: what is joined by it can be told apart again
          .thenComparing(details -> String.join("\0", details.labels()))
          .thenComparing(Details::headRef)
          .thenComparing(by(Details::headRepositoryId))
          .thenComparing(by(Details::baseSha))
          .thenComparing(by(Details::closedAt))
          .thenComparing(by(Details::createdAt));

  public Details {
    labels = labels.stream().sorted().distinct().toList();
  }

  private static <T extends Comparable<? super T>> Comparator<Details> by(
      Function<Details, @Nullable T> field) {
    return comparing(field, nullsFirst(naturalOrder()));
  }

  @Override
  public int compareTo(Details other) {
    return ORDER.compare(this, other);
  }
}
