package dev.slipway.pr.pullrequest;

import java.util.ArrayList;
import java.util.List;

/// Which rows are asked for.
///
/// @param names of the columns that tell
/// @param from what a table is joined with by them
/// @param arrays that are bound
/// @param isEmpty whether nothing is asked for
record RowKeys(String names, String from, List<Object> arrays, boolean isEmpty) {
  RowKeys {
    arrays = List.copyOf(arrays);
  }

  /// Commits, and the heads of pull requests: what hangs on those is read in the same flight.
  RowKeys orHeadsOf(RowKeys pullRequests) {
    var all = new ArrayList<>(arrays);
    all.addAll(pullRequests.arrays);
    return new RowKeys(
        names,
        """
        (select %1$s from %2$s
          union
          select p.tenant, p.repository_id, p.head_sha from pull_request p join %3$s using (%4$s)
          where p.head_sha is not null) as c (%1$s)\
        """
            .formatted(names, from, pullRequests.from, pullRequests.names),
        all,
        isEmpty && pullRequests.isEmpty);
  }
}
