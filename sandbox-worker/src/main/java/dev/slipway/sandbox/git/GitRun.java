package dev.slipway.sandbox.git;

import dev.slipway.pipeline.security.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One run of the machine's git.
///
/// @param repository a bare one; null for none
/// @param command the program and its arguments
/// @param environment more of it
/// @param remote whom it speaks to; null: it has no network
/// @param mostBytes of each file that it writes
/// @param input what it reads
/// @param output where it prints; null: for the caller to read
record GitRun(
    @Nullable Path repository,
    List<String> command,
    Map<String, String> environment,
    @Nullable Remote remote,
    long mostBytes,
    Path input,
    @Nullable Path output) {
  /// Stands among the arguments for the address of whom it is to speak to.
  static final String HOST = "{host}";

  private static final Path NOTHING = Path.of("/dev/null");
  private static final long MOST_BYTES = 1L << 30;

  GitRun {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /// Whom it speaks to.
  ///
  /// @param url of the repository, normalised and allowed
  /// @param credential for its host alone; null: as anybody
  record Remote(String url, @Nullable Secret credential) {}

  /// @param arguments the subcommand first
  static GitRun of(String... arguments) {
    return of(List.of("git"), arguments);
  }

  /// Several in a row, which costs little more than one.
  ///
  /// @param script for the machine's shell, in which `git` is as here
  static GitRun script(String script, String... arguments) {
    return of(List.of("sh", "-c", script, "slipway-git"), arguments);
  }

  private static GitRun of(List<String> program, String... arguments) {
    var command = new ArrayList<>(program);
    command.addAll(List.of(arguments));
    return new GitRun(null, command, Map.of(), null, MOST_BYTES, NOTHING, null);
  }

  GitRun in(Path bare) {
    return new GitRun(bare, command, environment, remote, mostBytes, input, output);
  }

  GitRun with(String name, String value) {
    var all = new HashMap<>(environment);
    all.put(name, value);
    return new GitRun(repository, command, all, remote, mostBytes, input, output);
  }

  GitRun to(Remote host) {
    List<String> named = command.stream().map(one -> one.equals(HOST) ? host.url() : one).toList();
    return new GitRun(repository, named, environment, host, mostBytes, input, output);
  }

  GitRun within(long bytes) {
    return new GitRun(repository, command, environment, remote, bytes, input, output);
  }

  /// Prints into a file.
  GitRun into(Path file) {
    return new GitRun(repository, command, environment, remote, mostBytes, input, file);
  }

  GitRun reading(Path from) {
    return new GitRun(repository, command, environment, remote, mostBytes, from, output);
  }

  /// Leaves out whatever people wrote.
  @Override
  public String toString() {
    return "GitRun[" + String.join(" ", command.subList(0, 2)) + "]";
  }
}
