package dev.slipway.pipeline.kafka;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashSet;
import java.util.Set;

/// Client ids that tell clients of one process apart: metrics of two that bear the same would be
/// taken for each other's. The ids of closed ones are used again, so that there are no more of them
/// than there are clients at a time.
final class ClientIds {
  @GuardedBy("this")
  private final Set<String> taken = new HashSet<>();

  /// The id that is wanted, while that is in use with a number behind it.
  synchronized String take(String wanted) {
    String id = wanted;
    for (int number = 2; !taken.add(id); number++) {
      id = wanted + "-" + number;
    }
    return id;
  }

  /// Lets another bear it.
  synchronized void release(String id) {
    taken.remove(id);
  }
}
