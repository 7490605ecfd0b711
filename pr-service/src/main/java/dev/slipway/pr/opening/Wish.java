package dev.slipway.pr.opening;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The pull request that somebody wants.
///
/// @param repositoryUrl normalised
/// @param head branch of that repository
/// @param base branch that it is to go to; null for the repository's default branch
/// @param title null for the name of the head
/// @param labels which it bears besides those that it has
public record Wish(
    String repositoryUrl,
    String head,
    @Nullable String base,
    @Nullable String title,
    @Nullable String body,
    boolean draft,
    List<String> labels) {
  public Wish {
    labels = List.copyOf(labels);
  }

  /// Leaves out what people wrote.
  @Override
  public String toString() {
    return "Wish[%s, %s]".formatted(repositoryUrl, head);
  }
}
