package dev.slipway.sandbox.worker;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.error.Backoff;
import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.observability.LivenessCheck;
import dev.slipway.pipeline.stage.Request;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.ListedSandbox;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.sandbox.sandbox.SandboxEvent;
import dev.slipway.sandbox.sandbox.SandboxInput;
import dev.slipway.sandbox.sandbox.SandboxRows;
import dev.slipway.sandbox.sandbox.SandboxState;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Looks after what the provider has, one process of the installation at a time.
///
/// | the provider | we | what is done |
/// |---|---|---|
/// | has it | want it | its lifetime is extended |
/// | has it, for longer than a creation takes | know nothing of it | it is condemned, then ended |
/// | has it no more | think that it runs | we are told |
///
/// What another installation made is not ours to touch. Who condemns a sandbox asks the aggregate
/// whose tags it bears: an outcome that comes late finds there that its sandbox is condemned, so
/// that nothing is ever ended that is, or will be, somebody's.
final class Caretaker implements SmartLifecycle, LivenessCheck {
  private static final Logger log = LoggerFactory.getLogger(Caretaker.class);

  private final SandboxProvider provider;
  private final StageRunner<SandboxState, SandboxInput, SandboxEvent> stage;
  private final SandboxRows rows;
  private final UUID installation;
  private final SandboxWorkerProperties properties;
  private final boolean works;
  private final Clock clock;
  private final StoppableThread thread;

  // CONFINED: to the thread
  private final Backoff backoff;

  Caretaker(
      SandboxProvider provider,
      StageRunner<SandboxState, SandboxInput, SandboxEvent> stage,
      SandboxRows rows,
      SandboxWorkerProperties properties,
      boolean works,
      Clock clock) {
    this.provider = provider;
    this.stage = stage;
    this.rows = rows;
    this.installation = rows.installation();
    this.properties = properties;
    this.works = works;
    this.clock = clock;
    this.backoff = new Backoff(properties.care().dividedBy(4), properties.care().multipliedBy(2));
    this.thread =
        new StoppableThread(
            Thread.ofVirtual().name("sandbox-caretaker"), this::turn, properties.care());
  }

  private void turn() {
    try {
      if (rows.isTimeToCare(properties.care())) {
        care();
      }
      backoff.reset();
      thread.rest(properties.care());
    } catch (RetryableException | ProviderRefusedException e) {
      log.atWarn()
          .setCause(e)
          .log("sandboxes are not looked after: the provider or the database is away");
      thread.rest(backoff.next(retryable(e)));
    }
  }

  private static RetryableException retryable(RuntimeException failure) {
    return failure instanceof RetryableException retryable
        ? retryable
        : new RetryableException("refused", java.time.Duration.ZERO, failure);
  }

  /// One look at everything.
  void care() {
    // before the provider is asked: what comes up meanwhile is in no comparison
    List<SandboxRows.Alive> alive = rows.alive();
    Map<String, ListedSandbox> listed = new HashMap<>();
    provider.list(Tags.of(installation)).forEach(one -> listed.put(one.id().value(), one));
    Deque<RuntimeException> failures = new ArrayDeque<>();
    for (SandboxRows.Alive one : alive) {
      ListedSandbox seen = listed.remove(one.externalId());
      attempt(failures, () -> see(one, seen));
    }
    Instant before = clock.instant().minus(properties.orphanAge());
    listed.values().stream()
        .filter(one -> one.startedAt().isBefore(before))
        .forEach(one -> attempt(failures, () -> condemn(one)));
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  /// One that is refused must not keep the others from being looked after.
  private static void attempt(Deque<RuntimeException> failures, Runnable care) {
    try {
      care.run();
    } catch (RetryableException | ProviderRefusedException e) {
      failures.add(e);
    }
  }

  private void see(SandboxRows.Alive one, @Nullable ListedSandbox seen) {
    if (seen == null) {
      if (provider.find(new ExternalId(one.externalId())).isEmpty()) {
        var _ = ask(one.id(), new SandboxInput.Gone(one.externalId()));
      }
    } else if (one.isWanted()) {
      extend(seen);
    }
  }

  private void extend(ListedSandbox seen) {
    if (seen.state() == ListedSandbox.State.RUNNING
        && seen.endAt().isBefore(clock.instant().plus(properties.lifetime().dividedBy(2)))) {
      provider.extend(seen.id(), properties.lifetime());
    }
  }

  /// Nobody of us knew of it when we looked; one that was made since says so now.
  private void condemn(ListedSandbox seen) {
    Optional<Tags> tags = Tags.read(seen.metadata());
    if (tags.isEmpty() || !tags.get().installation().equals(installation)) {
      return;
    }
    var id = new AggregateId(tags.get().tenant(), tags.get().sandbox());
    if (ask(id, new SandboxInput.Condemn(seen.id().value()))) {
      log.atWarn()
          .addKeyValue("sandbox_id", id.key())
          .addKeyValue("external_id", seen.id().value())
          .log("a sandbox that is nobody's is ended");
      boolean _ = provider.kill(seen.id());
    }
  }

  /// @return whether it was not refused
  private boolean ask(AggregateId id, SandboxInput input) {
    try {
      return stage
              .request(
                  Request.of(
                      null,
                      id,
                      input,
                      decided -> new Request.Answer(decided.rejected() ? 409 : 200, null, "")))
              .join()
              .status()
          == 200;
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  /// Not where others do the work.
  @Override
  public boolean isAutoStartup() {
    return works;
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void stop() {
    thread.stop(properties.care());
  }

  @Override
  public boolean isRunning() {
    return thread.isRunning();
  }

  @Override
  public boolean isAlive() {
    return !thread.isDead();
  }
}
