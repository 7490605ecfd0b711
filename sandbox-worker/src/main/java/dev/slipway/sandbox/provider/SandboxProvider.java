package dev.slipway.sandbox.provider;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whoever runs sandboxes for us.
///
/// Every call blocks, belongs on a virtual thread and has a time-out. Every call throws one of the
/// two [ProviderFailure]s and nothing else; calls that may safely be repeated were repeated a few
/// times before. A provider knows no idempotency key: who does not know whether his call happened
/// ([ProviderFailure#mayHaveHappened]) looks with [#list] or [#find] before he repeats it.
public interface SandboxProvider {
  /// Its name in records and answers, such as `e2b`.
  String name();

  /// Makes a sandbox and waits until it runs.
  ///
  /// A second call makes a second sandbox. After [ProviderFailure#mayHaveHappened] look for it by a
  /// metadata value that only this request has.
  ///
  /// @throws ProviderRefusedException among others `not_found`: no such template; `quota_exceeded`:
  ///   no free place
  ProviderSandbox create(CreateRequest request);

  /// All sandboxes, running and paused, that carry all of these tags, newest first.
  ///
  /// @param metadata exact matches; empty for all. Only values of `A-Z a-z 0-9 . _ -` are sure to
  ///   be found again
  List<ListedSandbox> list(Map<String, String> metadata);

  /// A sandbox as it is now.
  ///
  /// @return empty when there is none, no more or not yet
  Optional<SandboxDetail> find(ExternalId id);

  /// Ends a sandbox with all that is in it.
  ///
  /// @return false when there was none
  boolean kill(ExternalId id);

  /// Sets the time at which the sandbox ends by itself, from now on; it may come nearer.
  ///
  /// @throws ProviderRefusedException `not_found`: no such sandbox
  void extend(ExternalId id, Duration lifetime);

  /// Freezes a sandbox with its processes and memory; streams into it break.
  ///
  /// @return false when it was paused already
  /// @throws ProviderRefusedException `not_found`: no such sandbox
  boolean pause(ExternalId id);

  /// Wakes a paused sandbox; one that runs stays as it is, its end only moves away.
  ///
  /// @param lifetime from now to its end
  /// @throws ProviderRefusedException `not_found`: no such sandbox; `quota_exceeded`: no free place
  ProviderSandbox resume(ExternalId id, Duration lifetime);

  /// Replaces the rules of what a running sandbox may reach.
  ///
  /// @throws ProviderRefusedException `not_found`: no such sandbox
  void network(ExternalId id, NetworkAccess access);

  /// The latest measurement of a sandbox.
  ///
  /// @return empty when none was taken yet
  /// @throws ProviderRefusedException `not_found`: no such sandbox
  Optional<SandboxMetrics> metrics(ExternalId id);

  /// The inside of a sandbox. Asks nothing of it yet, and needs no closing.
  SandboxSession open(ProviderSandbox sandbox);
}
