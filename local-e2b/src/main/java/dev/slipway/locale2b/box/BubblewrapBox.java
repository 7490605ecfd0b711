package dev.slipway.locale2b.box;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

final class BubblewrapBox implements Box {
  private final BoxSpec spec;
  private final BoxFiles files;
  private final Launch launch;
  private final Init init;
  private final Runnable forget;
  private final AtomicReference<NetworkRules> rules;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  BubblewrapBox(BoxSpec spec, BoxFiles files, Launch launch, Runnable forget) {
    this.spec = spec;
    this.files = files;
    this.launch = launch;
    this.forget = forget;
    this.rules = new AtomicReference<>(spec.network());
    this.init =
        new Init(
            spec.id(),
            launch.initPid(),
            launch.process().getInputStream(),
            launch.process().getOutputStream());
  }

  @Override
  public String id() {
    return spec.id();
  }

  @Override
  public BoxProcess start(ProcessSpec process) throws BoxException {
    return init.start(process);
  }

  @Override
  public void freeze() throws BoxException {
    init.request("freeze");
  }

  @Override
  public void thaw() throws BoxException {
    init.request("thaw");
  }

  @Override
  public void network(NetworkRules replacement) {
    rules.set(replacement);
  }

  @Override
  public Map<String, String> environment() {
    return Map.of();
  }

  @Override
  public Usage usage() {
    Limits limits = spec.limits();
    return new Usage(limits.cpus(), 0, limits.memoryBytes(), 0, limits.diskBytes(), 0, 0);
  }

  @Override
  public boolean isAlive() {
    return !init.onEnd().isDone();
  }

  @Override
  public CompletableFuture<Void> onExit() {
    return init.onEnd().copy();
  }

  @Override
  public void close() {
    init.close();
    launch.process().onExit().join();
    if (closed.complete(null)) {
      files.discard();
      forget.run();
    }
  }
}
