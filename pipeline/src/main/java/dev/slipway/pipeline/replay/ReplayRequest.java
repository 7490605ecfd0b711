package dev.slipway.pipeline.replay;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What an operator asks to replay.
///
/// @param stage `<service>.<feature>`, or a service: all its stages
/// @param from first offset of each partition; null = the start of the log
/// @param since only records as new as this; null = no limit; not together with `from`
/// @param to offset before which each partition ends; null, or behind what the stage has seen =
///   what it has seen
/// @param force decide each record as if it were unknown, and count what would change; null = no
/// @param apply with `force`: write what changes; null = no
public record ReplayRequest(
    @NotBlank String stage,
    @Nullable @PositiveOrZero Long from,
    @Nullable Instant since,
    @Nullable @PositiveOrZero Long to,
    @Nullable Boolean force,
    @Nullable Boolean apply) {

  // a flag left out means the same as one that is false, also to who compares requests
  public ReplayRequest {
    force = Boolean.TRUE.equals(force);
    apply = Boolean.TRUE.equals(apply);
  }

  boolean isForced() {
    return Boolean.TRUE.equals(force);
  }

  boolean isApplied() {
    return Boolean.TRUE.equals(apply);
  }

  ReplayMode mode() {
    if (!isForced()) {
      return ReplayMode.KNOWN;
    }
    return isApplied() ? ReplayMode.FORCE_APPLY : ReplayMode.FORCE;
  }
}
