package dev.slipway.sandbox.provider;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Sandboxes that are entries of a map: their files are in a folder, their processes are this
/// machine's and isolated from nothing, rules of networks bind nobody. What it makes is called
/// `made-` and our id. It answers late, refuses, is away and has no room when it is told to.
public final class FakeProvider implements SandboxProvider, AutoCloseable {
  /// When every file was changed, and every measurement taken.
  static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

  private static final String TEMPLATE = "base";
  private static final Duration HOUR = Duration.ofHours(1);
  private static final SandboxMetrics MEASURED =
      new SandboxMetrics(TIME, 2, 12.5, 100, 50, 200, 60);

  private final Clock clock = Clock.systemUTC();
  private final Map<ExternalId, FakeSandbox> all = new ConcurrentHashMap<>();
  private final Collection<ExternalId> killed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicReference<@Nullable CountDownLatch> gate = new AtomicReference<>();
  private final AtomicReference<Predicate<ExternalId>> refused = new AtomicReference<>(_ -> false);
  private final AtomicReference<Predicate<ExternalId>> unlisted = new AtomicReference<>(_ -> false);

  /// How old what is made seems.
  private final AtomicReference<Duration> age = new AtomicReference<>(Duration.ZERO);

  /// Has creations from now on be done at once and answered when the gate is opened.
  public CountDownLatch answerLate(Duration seemingAge) {
    var closed = new CountDownLatch(1);
    age.set(seemingAge);
    gate.set(closed);
    return closed;
  }

  public void answerAtOnce() {
    gate.set(null);
    age.set(Duration.ZERO);
  }

  /// Has it refuse to end these, as with a wrong key.
  public void refuseToKill(Predicate<ExternalId> which) {
    refused.set(which);
  }

  /// Has it leave these out of its lists, though it has them.
  public void leaveOut(Predicate<ExternalId> which) {
    unlisted.set(which);
  }

  /// Has it have one, for another hour.
  public ExternalId put(String id, Duration old, Map<String, String> metadata) {
    return put(id, old, metadata, Map.of());
  }

  /// As [#put], with an environment for what runs in it.
  public ExternalId put(
      String id, Duration old, Map<String, String> metadata, Map<String, String> environment) {
    var external = new ExternalId(id);
    var request = new CreateRequest(TEMPLATE, HOUR, metadata, environment, new NetworkAccess.Off());
    Instant now = clock.instant();
    all.put(external, new FakeSandbox(external, request, now.minus(old), now.plus(HOUR)));
    return external;
  }

  /// Has something be wrong with a sandbox from now on.
  public void trouble(ExternalId id, Trouble trouble) {
    require(id).trouble(trouble);
  }

  /// What can be wrong with one.
  public enum Trouble {
    /// Nobody answers; in three seconds somebody might
    AWAY,
    /// Nothing fits on its disk any more
    FULL,
    /// No measurement was taken yet
    UNMEASURED
  }

  /// Puts a link into a sandbox.
  public void link(ExternalId id, String path, String target) {
    require(id).files().link(path, target);
  }

  /// Where a sandbox's file is on this machine.
  public Path onDisk(ExternalId id, String path) {
    return require(id).files().onDisk(path);
  }

  public List<ExternalId> there() {
    return List.copyOf(all.keySet());
  }

  /// Those that somebody wanted ended, each as often as it was wanted.
  public List<ExternalId> killed() {
    return List.copyOf(killed);
  }

  /// How often it was asked for all of an installation's.
  public int looks() {
    return looks.get();
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public ProviderSandbox create(CreateRequest request) {
    if (!request.template().equals(TEMPLATE)) {
      throw new ProviderRefusedException(FailureCode.NOT_FOUND, "no such template", false, null);
    }
    FakeSandbox made = make(request);
    CountDownLatch closed = gate.get();
    if (closed != null) {
      await(closed);
    }
    return made.place();
  }

  private synchronized FakeSandbox make(CreateRequest request) {
    String sandbox = request.metadata().get("slipway_sandbox");
    var usual = new ExternalId("made-" + sandbox);
    boolean isAnother = sandbox == null || all.containsKey(usual);
    ExternalId id = isAnother ? new ExternalId("made-" + UUID.randomUUID()) : usual;
    Instant now = clock.instant();
    var made = new FakeSandbox(id, request, now.minus(age.get()), now.plus(request.lifetime()));
    all.put(id, made);
    return made;
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
    List<ListedSandbox> found =
        all.keySet().stream()
            .flatMap(id -> there(id).stream())
            .map(FakeSandbox::seen)
            .filter(seen -> !unlisted.get().test(seen.id()))
            .filter(seen -> seen.metadata().entrySet().containsAll(metadata.entrySet()))
            .sorted(Comparator.comparing(ListedSandbox::startedAt).reversed())
            .toList();
    if (metadata.size() == 1) {
      looks.incrementAndGet();
    }
    return found;
  }

  @Override
  public Optional<SandboxDetail> find(ExternalId id) {
    return there(id)
        .map(sandbox -> {
          sandbox.answer();
          return new SandboxDetail(sandbox.seen(), sandbox.place());
        });
  }

  @Override
  public boolean kill(ExternalId id) {
    killed.add(id);
    if (refused.get().test(id)) {
      throw new ProviderRefusedException(FailureCode.AUTH_FAILED, "a wrong key", false, null);
    }
    Optional<FakeSandbox> sandbox = Optional.ofNullable(all.remove(id));
    sandbox.ifPresent(FakeSandbox::end);
    return sandbox.isPresent();
  }

  @Override
  public void extend(ExternalId id, Duration lifetime) {
    require(id).endAt(clock.instant().plus(lifetime));
  }

  @Override
  public boolean pause(ExternalId id) {
    return require(id).pause(clock.instant());
  }

  @Override
  public ProviderSandbox resume(ExternalId id, Duration lifetime) {
    return require(id).resume(clock.instant().plus(lifetime));
  }

  @Override
  public void network(ExternalId id, NetworkAccess access) {
    var _ = require(id);
  }

  @Override
  public Optional<SandboxMetrics> metrics(ExternalId id) {
    return require(id).has(Trouble.UNMEASURED) ? Optional.empty() : Optional.of(MEASURED);
  }

  @Override
  public SandboxSession open(ProviderSandbox sandbox) {
    return new FakeSession(() -> there(sandbox.id()));
  }

  private FakeSandbox require(ExternalId id) {
    FakeSandbox sandbox =
        there(id)
            .orElseThrow(() ->
                new ProviderRefusedException(
                    FailureCode.NOT_FOUND, "no such sandbox", false, null));
    sandbox.answer();
    return sandbox;
  }

  private Optional<FakeSandbox> there(ExternalId id) {
    Optional<FakeSandbox> known = Optional.ofNullable(all.get(id));
    known
        .filter(sandbox -> sandbox.isOver(clock.instant()))
        .ifPresent(over -> {
          all.remove(id);
          over.end();
        });
    return Optional.ofNullable(all.get(id));
  }

  @Override
  public void close() {
    all.values().forEach(FakeSandbox::end);
  }
}
