package dev.slipway.pr.sandbox;

import dev.slipway.pr.sandbox.SandboxFact.Cloned;
import dev.slipway.pr.sandbox.SandboxFact.Ended;
import dev.slipway.pr.sandbox.SandboxFact.Linked;
import dev.slipway.pr.sandbox.SandboxFact.Pushed;
import dev.slipway.pr.sandbox.SandboxFact.Requested;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of a sandbox: the fold of what `sandbox.events` say, and of nothing else.
///
/// @param owner null as long as nobody told that it was asked for
/// @param requestedAt when; null likewise
/// @param repository address of the one that it is for: named when it was asked for, else the first
///   that went in; null as long as there is none
/// @param clones addresses of repositories by where they are in it
/// @param pushed the newest commit of each branch that came out, by its [Head#name]
/// @param pullRequest the one that came of it; null as long as none is known
record SandboxState(
    @Nullable SandboxOwner owner,
    @Nullable Instant requestedAt,
    @Nullable String repository,
    Map<String, String> clones,
    Map<String, String> pushed,
    @Nullable PullRequestNumber pullRequest,
    boolean ended) {
  static final SandboxState UNKNOWN =
      new SandboxState(null, null, null, Map.of(), Map.of(), null, false);

  /// Of either: a row is written whole with each change. What is beyond finds its pull request by
  /// its repository alone.
  private static final int MOST = 100;

  SandboxState {
    clones = Map.copyOf(clones);
    pushed = Map.copyOf(pushed);
  }

  /// With what a fact says; equal to this when that is nothing new.
  SandboxState with(SandboxFact fact) {
    return switch (fact) {
      case Requested(var of, var named, var at) ->
          new SandboxState(
              of, at, named == null ? repository : named, clones, pushed, pullRequest, ended);
      case Cloned(var path, var address) ->
          new SandboxState(
              owner,
              requestedAt,
              repository == null ? address : repository,
              with(clones, path, address),
              pushed,
              pullRequest,
              ended);
      case Pushed(var path, var branch, var sha) -> {
        String address = clones.get(path);
        yield address == null
            ? this
            : new SandboxState(
                owner,
                requestedAt,
                repository,
                clones,
                with(pushed, new Head(address, branch).name(), sha),
                pullRequest,
                ended);
      }
      case Linked(var to) ->
          new SandboxState(owner, requestedAt, repository, clones, pushed, to, ended);
      case Ended _ ->
          new SandboxState(owner, requestedAt, repository, clones, pushed, pullRequest, true);
    };
  }

  private static Map<String, String> with(Map<String, String> map, String key, String value) {
    if (map.size() == MOST && !map.containsKey(key)) {
      return map;
    }
    var all = new HashMap<>(map);
    all.put(key, value);
    return all;
  }
}
