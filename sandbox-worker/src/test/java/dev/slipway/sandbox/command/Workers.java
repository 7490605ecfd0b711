package dev.slipway.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.sandbox.SandboxWorkerApplication;
import dev.slipway.sandbox.TestSandboxWorker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;

/// Workers of a service beside the one in which its API is: in this process, or in processes of
/// their own, which can be killed.
public final class Workers implements AutoCloseable {
  static final String ORPHAN_AGE = "15s";

  private final Path directory;
  private final LocalProvider provider;
  private final TestSandboxWorker service;
  private final List<String> common;
  private final Deque<Process> processes = new ArrayDeque<>();
  private final Deque<ConfigurableApplicationContext> successors = new ArrayDeque<>();

  Workers(Path directory, LocalProvider provider, TestSandboxWorker service, List<String> common) {
    this.common = List.copyOf(common);
    this.directory = directory;
    this.provider = provider;
    this.service = service;
  }

  /// What all are told.
  static List<String> settings(LocalProvider provider) {
    List<String> settings = new ArrayList<>(provider.settings());
    settings.addAll(
        List.of(
            "--slipway.worker.lease=3s",
            "--slipway.worker.heartbeat=500ms",
            "--slipway.sandbox.care=500ms"));
    return settings;
  }

  private List<String> settings(String name, String orphanAge) {
    List<String> settings = settings(provider);
    settings.addAll(common);
    settings.add("--slipway.stage.instance-id=" + name);
    settings.add("--slipway.sandbox.orphan-age=" + orphanAge);
    return settings;
  }

  /// Starts a worker in this process, which is quicker, and enough for who is not to be killed.
  ///
  /// @param name of the process: who is started again under it goes on as it
  public void takeOver(String name) {
    takeOver(name, ORPHAN_AGE);
  }

  /// As [#takeOver(String)], by one who ends sooner what is nobody's.
  void takeOver(String name, String orphanAge) {
    successors.push(service.another(settings(name, orphanAge)));
  }

  /// Starts a worker in a process of its own.
  ///
  /// @param name of the process: who is started again under it goes on as it
  /// @param more settings of its own
  public Process start(String name, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                SandboxWorkerApplication.class.getName()));
    command.addAll(service.settings());
    command.addAll(settings(name, ORPHAN_AGE));
    command.addAll(List.of(more));
    try {
      Process worker =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Files.createTempFile(directory, name, ".log").toFile())
              .start();
      processes.add(worker);
      return worker;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends those that are processes of their own, at once.
  public void kill() {
    while (!processes.isEmpty()) {
      processes.pop().destroyForcibly().onExit().join();
    }
  }

  /// Ends those that are in this process, when what they have at hand is done.
  public void closeHere() {
    while (!successors.isEmpty()) {
      successors.pop().close();
    }
  }

  /// Ends all.
  @Override
  public void close() {
    kill();
    closeHere();
  }

  public static void signal(String name, Process worker) {
    try {
      int exit =
          new ProcessBuilder("kill", "-" + name, Long.toString(worker.pid())).start().waitFor();
      assertThat(exit).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
