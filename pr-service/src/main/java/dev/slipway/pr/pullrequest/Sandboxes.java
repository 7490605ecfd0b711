package dev.slipway.pr.pullrequest;

import dev.slipway.pr.sandbox.SandboxOwner;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The sandboxes that pull requests of a repository are of.
///
/// @param byNumber those that pull requests came of, by their numbers
/// @param ofRepository the youngest for the repository that has not ended; null when there is none
record Sandboxes(Map<Long, SandboxOwner> byNumber, @Nullable SandboxOwner ofRepository) {
  static final Sandboxes NONE = new Sandboxes(Map.of(), null);

  Sandboxes {
    byNumber = Map.copyOf(byNumber);
  }

  @Nullable SandboxOwner of(long number) {
    SandboxOwner exact = byNumber.get(number);
    return exact == null ? ofRepository : exact;
  }
}
