package dev.slipway.standalone;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Lists of an installation's API, page by page.
record Pages(ApiClient api) {
  private static final int PAGE = 200;

  /// Reads the first items of a list.
  ///
  /// @param filters parameters of its query; null for those that are not given
  /// @param limit how many at most
  List<JsonNode> read(String path, Map<String, @Nullable String> filters, int limit)
      throws InterruptedException {
    String query = query(filters);
    List<JsonNode> found = new ArrayList<>();
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent() && found.size() < limit) {
      String after = cursor.get().isEmpty() ? "" : "&cursor=" + Sandboxes.encoded(cursor.get());
      int page = Math.min(PAGE, limit - found.size());
      JsonNode answer = api.get(path + "?limit=" + page + query + after);
      answer.path("items").forEach(found::add);
      cursor = answer.path("next_cursor").stringValueOpt();
    }
    return found;
  }

  private static String query(Map<String, @Nullable String> filters) {
    StringBuilder query = new StringBuilder();
    filters.forEach((name, value) -> {
      if (value != null) {
        query.append('&').append(Sandboxes.encoded(name)).append('=');
        query.append(Sandboxes.encoded(value));
      }
    });
    return query.toString();
  }
}
