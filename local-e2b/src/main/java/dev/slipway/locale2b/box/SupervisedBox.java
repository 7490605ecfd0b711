package dev.slipway.locale2b.box;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/// A box whose programs are started by its own [Init].
final class SupervisedBox implements Box {
  private final BoxSpec spec;
  private final Init init;
  private final Optional<BoxProxy> proxy;
  private final UnaryOperator<ProcessSpec> translation;
  private final BoxParts parts;
  private final Meter meter;
  private final Runnable forget;

  /// @param proxy the way out, where there is but one
  /// @param translation of what is asked for, to what it is called where programs run
  SupervisedBox(
      BoxSpec spec,
      Launch launch,
      Optional<BoxGroups> groups,
      Optional<BoxProxy> proxy,
      UnaryOperator<ProcessSpec> translation,
      BoxParts parts,
      Runnable forget) {
    this.translation = translation;
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
    return init.start(translation.apply(process));
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
    proxy.ifPresent(way -> way.replace(EgressRules.of(rules.allow(), rules.deny())));
  }

  @Override
  public Map<String, String> environment() {
    return proxy.isPresent() ? BoxProxy.environment() : Map.of();
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
