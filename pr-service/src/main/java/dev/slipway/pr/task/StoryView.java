package dev.slipway.pr.task;

import dev.slipway.web.ApiException;
import dev.slipway.web.PageCursor;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What happened to a task and its pull request, a page of it.
///
/// @param nextCursor null on the last page
record StoryView(List<StoryItem> items, @Nullable String nextCursor) {
  /// Reads the cursor that ends a page.
  ///
  /// @throws IllegalArgumentException when it is anything else
  static UUID cursor(String text) {
    long[] parts = PageCursor.parse(text, 2);
    return new UUID(parts[0], parts[1]);
  }

  /// The page behind an item.
  ///
  /// @param after null for the first page
  /// @throws ApiException 422 when the story has no such item
  static StoryView of(List<StoryItem> story, @Nullable UUID after, int limit) {
    int from = after == null ? 0 : behind(story, after);
    List<StoryItem> shown = story.subList(from, Math.min(story.size(), from + limit));
    UUID last = shown.isEmpty() ? null : shown.getLast().id();
    boolean isLast = from + shown.size() == story.size();
    return new StoryView(
        shown,
        isLast || last == null
            ? null
            : PageCursor.text(last.getMostSignificantBits(), last.getLeastSignificantBits()));
  }

  private static int behind(List<StoryItem> story, UUID after) {
    for (int at = story.size(); at > 0; at--) {
      if (after.equals(story.get(at - 1).id())) {
        return at;
      }
    }
    throw ApiException.invalid(
        "cursor", "malformed", "Take it from next_cursor of the page before, unchanged.");
  }
}
