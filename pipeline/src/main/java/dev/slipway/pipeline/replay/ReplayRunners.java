package dev.slipway.pipeline.replay;

import dev.slipway.pipeline.lifecycle.StoppableThread;
import dev.slipway.pipeline.observability.LivenessCheck;
import dev.slipway.pipeline.stage.StageRunner;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.context.SmartLifecycle;

/// The threads that replay, one for each stage of this process.
final class ReplayRunners implements SmartLifecycle, LivenessCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final List<StoppableThread> threads;

  private ReplayRunners(List<StoppableThread> threads) {
    this.threads = List.copyOf(threads);
  }

  static ReplayRunners of(List<StageRunner<?, ?, ?>> stages, Clock clock) {
    return new ReplayRunners(
        stages.stream().map(stage -> new ReplayRunner<>(stage, clock).thread()).toList());
  }

  @Override
  public void start() {
    threads.forEach(StoppableThread::start);
  }

  @Override
  public void stop() {
    threads.forEach(StoppableThread::beginStop);
    threads.forEach(thread -> thread.stop(PATIENCE));
  }

  @Override
  public boolean isRunning() {
    return threads.stream().anyMatch(StoppableThread::isRunning);
  }

  @Override
  public boolean isAlive() {
    return threads.stream().noneMatch(StoppableThread::isDead);
  }
}
