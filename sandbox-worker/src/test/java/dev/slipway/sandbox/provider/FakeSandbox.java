package dev.slipway.sandbox.provider;

import dev.slipway.sandbox.provider.FakeProvider.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A sandbox of [FakeProvider].
final class FakeSandbox {
  private final ExternalId id;
  private final CreateRequest request;
  private final Instant startedAt;
  private final FakeFiles files = new FakeFiles();
  private final Map<Long, FakeProcess> processes = new ConcurrentHashMap<>();
  private final Set<Trouble> troubles = ConcurrentHashMap.newKeySet();
  private volatile Instant endAt;
  private volatile boolean paused;

  // @GuardedBy: this
  private boolean ended;

  FakeSandbox(ExternalId id, CreateRequest request, Instant startedAt, Instant endAt) {
    this.id = id;
    this.request = request;
    this.startedAt = startedAt;
    this.endAt = endAt;
  }

  ExternalId id() {
    return id;
  }

  ListedSandbox seen() {
    return new ListedSandbox(
        id,
        request.template(),
        paused ? ListedSandbox.State.PAUSED : ListedSandbox.State.RUNNING,
        startedAt,
        endAt,
        request.metadata());
  }

  ProviderSandbox place() {
    return new ProviderSandbox(id, "1", null, null);
  }

  void trouble(Trouble trouble) {
    troubles.add(trouble);
  }

  boolean has(Trouble trouble) {
    return troubles.contains(trouble);
  }

  void endAt(Instant end) {
    endAt = end;
  }

  boolean isOver(Instant now) {
    return !paused && !endAt.isAfter(now);
  }

  boolean isAlive() {
    return !paused && !has(Trouble.AWAY);
  }

  /// Says nothing when it answers.
  ///
  /// @throws ProviderUnavailableException nobody is there to
  void answer() {
    if (has(Trouble.AWAY)) {
      throw unavailable("away");
    }
  }

  /// As [#answer], of what is in it.
  ///
  /// @throws ProviderUnavailableException nobody is there to, or nothing in it moves
  void answerInside() {
    answer();
    if (paused) {
      throw unavailable("paused");
    }
  }

  private static ProviderUnavailableException unavailable(String why) {
    return new ProviderUnavailableException(
        FailureCode.UNAVAILABLE, "the sandbox is " + why, false, Duration.ofSeconds(3), null);
  }

  FakeFiles files() {
    return files;
  }

  synchronized FakeProcess start(Command command) {
    answerInside();
    if (ended) {
      throw FakeSession.lost();
    }
    FakeProcess process = FakeProcess.start(command, request.environment(), files);
    processes.put(process.pid(), process);
    return process;
  }

  Optional<FakeProcess> process(long pid) {
    return Optional.ofNullable(processes.get(pid));
  }

  Collection<FakeProcess> processes() {
    return List.copyOf(processes.values());
  }

  synchronized boolean pause(Instant now) {
    if (paused) {
      return false;
    }
    paused = true;
    endAt = now;
    processes.values().forEach(process -> process.freeze(unavailable("paused")));
    return true;
  }

  synchronized ProviderSandbox resume(Instant end) {
    if (paused || end.isAfter(endAt)) {
      endAt = end;
    }
    if (paused) {
      paused = false;
      processes.values().forEach(FakeProcess::thaw);
    }
    return place();
  }

  synchronized void end() {
    ended = true;
    processes.values().forEach(process -> process.kill(FakeSession.lost()));
    files.close();
  }
}
