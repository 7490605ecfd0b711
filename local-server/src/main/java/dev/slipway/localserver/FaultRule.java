package dev.slipway.localserver;

import java.time.Duration;
import java.util.List;

/// What a server does wrong, to which requests, and how often.
///
/// | Kind | Done | Answered |
/// |---|---|---|
/// | `delay` | after `delay_ms` | as ever |
/// | `refuse` | no | `status` (503) |
/// | `drop_answer` | yes | the connection is cut |
/// | `duplicate` | twice | what came of the second time |
/// | `reorder` | after the next request that the rule fits, or after `delay_ms` (1,000) without one | as ever |
/// | `limit` | no | `status` (429) with `Retry-After`, which is `delay_ms` in seconds, at least 1 |
///
/// @param method of the requests, or `*`
/// @param path its segments, `*` for any one
/// @param status of the answer where the kind has one
/// @param times how many requests it is for
record FaultRule(
    String method, List<String> path, Kind kind, int status, Duration delay, int times) {
  enum Kind {
    DELAY,
    REFUSE,
    DROP_ANSWER,
    DUPLICATE,
    REORDER,
    LIMIT
  }

  FaultRule {
    path = List.copyOf(path);
  }

  boolean fits(String requestMethod, String requestPath) {
    if (!method.equals("*") && !method.equals(requestMethod)) {
      return false;
    }
    List<String> segments = Routes.segments(requestPath);
    if (segments.size() != path.size()) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      if (!path.get(i).equals("*") && !path.get(i).equals(segments.get(i))) {
        return false;
      }
    }
    return true;
  }
}
