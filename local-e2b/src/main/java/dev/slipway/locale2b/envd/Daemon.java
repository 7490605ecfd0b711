package dev.slipway.locale2b.envd;

import dev.slipway.locale2b.box.Box;
import dev.slipway.locale2b.timer.Timers;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// The daemon of one sandbox: what it runs and watches.
public final class Daemon {
  private final String id;
  private final String token;
  private final Box box;
  private final Map<String, String> environment;
  private final Processes processes;
  private final Watchers watchers;

  /// @param token that every call must have
  /// @param environment of every process of the sandbox
  public Daemon(String id, String token, Box box, Map<String, String> environment, Timers timers) {
    this.id = id;
    this.token = token;
    this.box = box;
    this.environment = Map.copyOf(environment);
    processes = new Processes(box, this.environment, timers);
    watchers = new Watchers(box);
  }

  String id() {
    return id;
  }

  String token() {
    return token;
  }

  Box box() {
    return box;
  }

  Map<String, String> environment() {
    return new LinkedHashMap<>(environment);
  }

  Processes processes() {
    return processes;
  }

  Watchers watchers() {
    return watchers;
  }

  /// Breaks off all streams; processes live on as far as the box lets them.
  public void cutStreams() {
    processes.cutStreams();
    watchers.cutStreams();
  }

  /// Ends all processes, and waits until those that were started here have ended.
  public void endProcesses() throws IOException, InterruptedException {
    new BoxFiles(box).endAll();
    processes.awaitEnds();
  }
}
