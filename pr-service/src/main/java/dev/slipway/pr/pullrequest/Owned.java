package dev.slipway.pr.pullrequest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A row of a repository.
record Owned<T>(RepositoryKey repository, T row) {
  /// Its columns, which begin with whose it is.
  static <T> RowColumns<Owned<T>> columns(RowColumns<T> own) {
    return RowColumns.<Owned<T>>none()
        .key("tenant", "text", owned -> owned.repository.tenant())
        .key("repository_id", "bigint", owned -> owned.repository.repositoryId())
        .allOf(own, Owned::row);
  }

  static <T> Map<RepositoryKey, List<T>> byRepository(List<Owned<T>> rows) {
    Map<RepositoryKey, List<T>> grouped = new HashMap<>();
    rows.forEach(
        owned -> grouped.computeIfAbsent(owned.repository, _ -> new ArrayList<>()).add(owned.row));
    return grouped;
  }
}
