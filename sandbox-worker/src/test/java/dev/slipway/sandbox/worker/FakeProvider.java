package dev.slipway.sandbox.worker;

import dev.slipway.sandbox.provider.CreateRequest;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ListedSandbox;
import dev.slipway.sandbox.provider.NetworkAccess;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.ProviderSandbox;
import dev.slipway.sandbox.provider.SandboxDetail;
import dev.slipway.sandbox.provider.SandboxMetrics;
import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.sandbox.provider.SandboxSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Sandboxes that are entries of a map; what it makes is called `made-` and our id. It answers
/// creations late, and refuses what it is told to.
final class FakeProvider implements SandboxProvider {
  private final Map<ExternalId, ListedSandbox> all = new ConcurrentHashMap<>();
  private final Collection<ExternalId> killed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicReference<@Nullable CountDownLatch> gate = new AtomicReference<>();
  private final AtomicReference<Predicate<ExternalId>> refused = new AtomicReference<>(_ -> false);

  /// How old what is made seems.
  private final AtomicReference<Duration> age = new AtomicReference<>(Duration.ZERO);

  /// Has creations from now on be done at once and answered when the gate is opened.
  CountDownLatch answerLate(Duration seemingAge) {
    var closed = new CountDownLatch(1);
    age.set(seemingAge);
    gate.set(closed);
    return closed;
  }

  void answerAtOnce() {
    gate.set(null);
    age.set(Duration.ZERO);
  }

  /// Has it refuse to end these, as with a wrong key.
  void refuseToKill(Predicate<ExternalId> which) {
    refused.set(which);
  }

  /// Has it have one.
  ExternalId put(String id, Duration old, Map<String, String> metadata) {
    var external = new ExternalId(id);
    Instant now = Clock.systemUTC().instant();
    all.put(
        external,
        new ListedSandbox(
            external,
            "base",
            ListedSandbox.State.RUNNING,
            now.minus(old),
            now.plusSeconds(3_600),
            metadata));
    return external;
  }

  List<ExternalId> there() {
    return List.copyOf(all.keySet());
  }

  /// Those that somebody wanted ended, each as often as it was wanted.
  List<ExternalId> killed() {
    return List.copyOf(killed);
  }

  /// How often it was asked for all of an installation's.
  int looks() {
    return looks.get();
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public ProviderSandbox create(CreateRequest request) {
    ExternalId id =
        put("made-" + request.metadata().get("slipway_sandbox"), age.get(), request.metadata());
    CountDownLatch closed = gate.get();
    if (closed != null) {
      await(closed);
    }
    return new ProviderSandbox(id, "1", null, null);
  }

  private static void await(CountDownLatch closed) {
    try {
      if (!closed.await(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("nobody opens the gate");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public List<ListedSandbox> list(Map<String, String> metadata) {
    var found = new ArrayList<ListedSandbox>();
    for (ListedSandbox one : all.values()) {
      if (one.metadata().entrySet().containsAll(metadata.entrySet())) {
        found.add(one);
      }
    }
    if (metadata.size() == 1) {
      looks.incrementAndGet();
    }
    return found;
  }

  @Override
  public Optional<SandboxDetail> find(ExternalId id) {
    return Optional.ofNullable(all.get(id))
        .map(seen -> new SandboxDetail(seen, new ProviderSandbox(id, "1", null, null)));
  }

  @Override
  public boolean kill(ExternalId id) {
    killed.add(id);
    if (refused.get().test(id)) {
      throw new ProviderRefusedException(FailureCode.AUTH_FAILED, "a wrong key", false, null);
    }
    return all.remove(id) != null;
  }

  @Override
  public void extend(ExternalId id, Duration lifetime) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean pause(ExternalId id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ProviderSandbox resume(ExternalId id, Duration lifetime) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void network(ExternalId id, NetworkAccess access) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<SandboxMetrics> metrics(ExternalId id) {
    return Optional.empty();
  }

  @Override
  public SandboxSession open(ProviderSandbox sandbox) {
    throw new UnsupportedOperationException();
  }
}
