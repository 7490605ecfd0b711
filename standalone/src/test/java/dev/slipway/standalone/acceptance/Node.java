package dev.slipway.standalone.acceptance;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs our scripts with Node and installs their packages first, when they are missing or stale.
final class Node {
  private static final JsonMapper JSON = JsonMapper.shared();

  private Node() {}

  /// The JSON that a script of the folder `acceptance` prints on its standard output.
  static JsonNode run(String script, Map<String, String> environment) {
    return JSON.readTree(execute(environment, 60, "node", packages().resolve(script).toString()));
  }

  /// What a script of the folder prints that takes its time and ends with a status.
  static CommandResult report(
      String script, Map<String, String> environment, int seconds, String... arguments) {
    var command = new ArrayList<>(List.of("node", packages().resolve(script).toString()));
    command.addAll(List.of(arguments));
    return complete(environment, seconds, command.toArray(String[]::new));
  }

  /// The folder of scripts, its packages installed exactly as locked.
  static synchronized Path packages() {
    Path folder = Checkout.nodeFolder();
    Path lock = folder.resolve("package-lock.json");
    Path installed = folder.resolve("node_modules/.slipway-lock");
    try {
      String locked = Files.readString(lock);
      // tests run in several JVMs
      try (FileChannel channel = FileChannel.open(lock, READ, WRITE);
          FileLock _ = channel.lock()) {
        if (!Files.exists(installed) || !Files.readString(installed).equals(locked)) {
          String _ = execute(Map.of(), 300, "npm", "ci", "--ignore-scripts", "--no-fund");
          Files.writeString(installed, locked);
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String execute(Map<String, String> environment, int seconds, String... command) {
    return complete(environment, seconds, command).succeeded();
  }

  private static CommandResult complete(
      Map<String, String> environment, int seconds, String... command) {
    try {
      Path out = Files.createTempFile("node-", ".out");
      Path err = Files.createTempFile("node-", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(new ArrayList<>(List.of(command)))
              .directory(Checkout.nodeFolder().toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(seconds, SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            command[0] + " took over " + seconds + " s\n" + Files.readString(out));
      }
      CommandResult result =
          new CommandResult(process.exitValue(), Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
