package dev.slipway.sandbox.sandbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A sandbox.
///
/// @param spec null as long as it was not asked for
/// @param creation the operation that makes it; null as long as it was not asked for
/// @param place null as long as its provider has not made it
/// @param killReason null as long as nobody wants its end
/// @param failure null unless FAILED
/// @param active what was asked for and has not ended, the oldest first
/// @param condemned ids of the provider's sandboxes that bear its tags and are not it
/// @param settled operations that ended or were refused, the newest last; the oldest are forgotten
/// @param checkouts repositories that went in, by where they are, the oldest first
/// @param pullRequest null as long as none is known
public record SandboxState(
    SandboxStatus status,
    @Nullable SandboxSpec spec,
    SandboxContext context,
    @Nullable UUID creation,
    @Nullable Place place,
    @Nullable KillReason killReason,
    @Nullable SandboxFailure failure,
    Times times,
    Map<UUID, ActiveOperation> active,
    List<String> condemned,
    List<UUID> settled,
    Map<String, GitCheckout> checkouts,
    @Nullable PullRequestLink pullRequest) {
  static final SandboxState NONE =
      new SandboxState(
          SandboxStatus.NONE,
          null,
          SandboxContext.NONE,
          null,
          null,
          null,
          null,
          Times.NONE,
          Map.of(),
          List.of(),
          List.of(),
          Map.of(),
          null);

  public SandboxState {
    active = Collections.unmodifiableMap(new LinkedHashMap<>(active));
    condemned = List.copyOf(condemned);
    settled = List.copyOf(settled);
    checkouts = Collections.unmodifiableMap(new LinkedHashMap<>(checkouts));
  }

  /// Where its provider has it.
  ///
  /// @param provider such as `e2b`
  /// @param externalId the provider's id of it
  public record Place(String provider, String externalId) {}

  /// When what happened; null what has not.
  ///
  /// @param runningAt when it first ran
  /// @param pausedAt null unless it is paused, or was when it ended
  /// @param endedAt when it was TERMINATED or FAILED
  /// @param expiresAt when it ends by itself
  public record Times(
      @Nullable Instant requestedAt,
      @Nullable Instant runningAt,
      @Nullable Instant pausedAt,
      @Nullable Instant endedAt,
      @Nullable Instant expiresAt) {
    static final Times NONE = new Times(null, null, null, null, null);

    Times paused(@Nullable Instant at) {
      return new Times(requestedAt, runningAt, at, endedAt, expiresAt);
    }

    Times ended(Instant at) {
      return new Times(requestedAt, runningAt, pausedAt, at, expiresAt);
    }

    Times expiring(Instant at) {
      return new Times(requestedAt, runningAt, pausedAt, endedAt, at);
    }
  }

  /// Something that was asked for and has not ended.
  ///
  /// @param command its beginning, for people; null when it is no command
  /// @param begun whether a worker has begun it, as far as it told
  public record ActiveOperation(
      SandboxOperation.Kind kind, @Nullable String command, boolean begun) {}

  /// The provider's id of it; null as long as its provider has not made it.
  public @Nullable String externalId() {
    return place == null ? null : place.externalId();
  }

  /// Whether this is the provider's id of it.
  boolean isAt(String externalId) {
    return externalId.equals(externalId());
  }

  /// Whether an operation was asked of it, or refused, as far as it remembers.
  boolean knows(UUID operation) {
    return operation.equals(creation)
        || active.containsKey(operation)
        || settled.contains(operation);
  }

  /// How long it had run by then since it first ran.
  long runtimeMillis(Instant now) {
    Instant from = times.runningAt();
    Instant to = times.endedAt() == null ? now : times.endedAt();
    return from == null ? 0 : Math.max(0, to.toEpochMilli() - from.toEpochMilli());
  }

  SandboxState asked(UUID operation, SandboxSpec asked, SandboxContext of) {
    return new SandboxState(
        SandboxStatus.REQUESTED,
        asked,
        of,
        operation,
        place,
        killReason,
        failure,
        times,
        active,
        condemned,
        settled,
        checkouts,
        pullRequest);
  }

  SandboxState is(SandboxStatus next) {
    return new SandboxState(
        next,
        spec,
        context,
        creation,
        place,
        killReason,
        failure,
        times,
        active,
        condemned,
        settled,
        checkouts,
        pullRequest);
  }

  SandboxState at(Place found) {
    return new SandboxState(
        status,
        spec,
        context,
        creation,
        found,
        killReason,
        failure,
        times,
        active,
        condemned,
        settled,
        checkouts,
        pullRequest);
  }

  SandboxState because(KillReason reason, @Nullable SandboxFailure why) {
    return new SandboxState(
        status,
        spec,
        context,
        creation,
        place,
        reason,
        why,
        times,
        active,
        condemned,
        settled,
        checkouts,
        pullRequest);
  }

  SandboxState with(Times when) {
    return new SandboxState(
        status,
        spec,
        context,
        creation,
        place,
        killReason,
        failure,
        when,
        active,
        condemned,
        settled,
        checkouts,
        pullRequest);
  }

  SandboxState doing(Map<UUID, ActiveOperation> now, List<UUID> ended) {
    return new SandboxState(
        status,
        spec,
        context,
        creation,
        place,
        killReason,
        failure,
        times,
        now,
        condemned,
        ended,
        checkouts,
        pullRequest);
  }

  SandboxState condemning(String externalId) {
    var all = new ArrayList<>(condemned);
    all.add(externalId);
    return new SandboxState(
        status,
        spec,
        context,
        creation,
        place,
        killReason,
        failure,
        times,
        active,
        all,
        settled,
        checkouts,
        pullRequest);
  }

  SandboxState holding(Map<String, GitCheckout> now) {
    return new SandboxState(
        status,
        spec,
        context,
        creation,
        place,
        killReason,
        failure,
        times,
        active,
        condemned,
        settled,
        now,
        pullRequest);
  }

  SandboxState linked(PullRequestLink link) {
    return new SandboxState(
        status,
        spec,
        context,
        creation,
        place,
        killReason,
        failure,
        times,
        active,
        condemned,
        settled,
        checkouts,
        link);
  }
}
