package dev.slipway.locale2b.box;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A box of bubblewrap's.
final class BubblewrapBox implements Box {
  private final BoxSpec spec;
  private final Init init;
  private final BoxProxy proxy;
  private final BoxParts parts;
  private final Meter meter;
  private final Runnable forget;

  BubblewrapBox(
      BoxSpec spec,
      Launch launch,
      Optional<BoxGroups> groups,
      BoxProxy proxy,
      BoxParts parts,
      Runnable forget) {
    this.spec = spec;
    this.proxy = proxy;
    this.parts = parts;
    this.forget = forget;
    this.init =
        new Init(
            spec.id(),
            launch.initPid(),
            launch.process().getInputStream(),
            launch.process().getOutputStream());
    this.meter = new Meter(spec.limits(), init, groups, parts.files());
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
  public void network(NetworkRules rules) {
    proxy.replace(EgressRules.of(rules.allow(), rules.deny()));
  }

  @Override
  public Map<String, String> environment() {
    return BoxProxy.environment();
  }

  @Override
  public Usage usage() {
    return meter.read();
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
    parts.close();
    forget.run();
  }
}
