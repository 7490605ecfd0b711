package dev.slipway.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The data of one PostgreSQL server, with its two logins: `postgres`, a superuser whose password
/// nobody knows, and the owner of the one database, who is none.
///
/// @param binaries PostgreSQL's programs
/// @param folder PostgreSQL's own data directory
record PostgresCluster(PostgresBinaries binaries, Path folder) {
  /// Name of the login and of its database.
  static final String OWNER = "slipway";

  /// What the operating system calls a locale differs from machine to machine.
  static final List<String> LOCALE =
      List.of(
          "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C");

  private static final int MAX_INIT_SECONDS = 60;
  private static final String ACCESS = "host all all 127.0.0.1/32 scram-sha-256\n";

  /// Initialises the data directory unless it exists. It appears with everything in it or not at
  /// all.
  ///
  /// @param password of the owner
  /// @param attributes of the owner, such as `createrole`
  void initialise(String password, String attributes) {
    try {
      Folders.createAtomically(
          folder,
          unfinished -> {
            initdb(unfinished);
            Files.writeString(unfinished.resolve("pg_hba.conf"), ACCESS);
            bootstrap(unfinished, owner(password, attributes));
          });
    } catch (IOException e) {
      throw new StartFailedException("could not initialise PostgreSQL in " + folder, e);
    }
  }

  /// Statements that make the owner and its database, and leave nothing to anybody else.
  static List<String> owner(String password, String attributes) {
    return List.of(
        "create role %s login nosuperuser %s password '%s'"
            .formatted(OWNER, attributes, password.replace("'", "''")),
        "create database %s owner %s".formatted(OWNER, OWNER),
        "revoke all on database %s from public".formatted(OWNER),
        "revoke all on database postgres from public");
  }

  private void initdb(Path data) throws IOException {
    Path passwordFile = Files.createTempFile(Folders.parentOf(folder), "pw", "");
    try {
      byte[] random = new byte[32];
      new SecureRandom().nextBytes(random);
      Files.writeString(passwordFile, HexFormat.of().formatHex(random));
      List<String> command =
          new ArrayList<>(
              List.of(
                  binaries.program("initdb"),
                  "--pgdata=" + data,
                  "--username=postgres",
                  "--pwfile=" + passwordFile,
                  "--auth=scram-sha-256",
                  "--no-instructions"));
      command.addAll(LOCALE);
      run(command, "");
    } finally {
      Files.delete(passwordFile);
    }
  }

  /// Runs statements in single-user mode: no port is open, nobody else can connect meanwhile.
  private void bootstrap(Path data, List<String> statements) throws IOException {
    run(
        List.of(
            binaries.program("postgres"),
            "--single",
            "-D",
            data.toString(),
            "-c",
            "exit_on_error=true",
            "-c",
            "log_checkpoints=off",
            "postgres"),
        String.join("\n", statements) + "\n");
  }

  private static void run(List<String> command, String input) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(asUnprivileged(command)).redirectErrorStream(true);
    cleanEnvironment(builder.environment());
    Process process = builder.start();
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(MAX_INIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(command.getFirst() + " failed: " + output + hint(builder.command()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String hint(List<String> command) {
    return command.getFirst().equals("unshare")
        ? "As root it takes a user namespace: where those are forbidden, start as another user, or"
            + " set DATABASE_URL."
        : "";
  }

  /// PostgreSQL refuses to run as root. In a user namespace without a mapping root is nobody, and
  /// what root owns is nobody's.
  static List<String> asUnprivileged(List<String> command) throws IOException {
    if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
      return command;
    }
    List<String> words = new ArrayList<>(List.of("unshare", "--user"));
    words.addAll(command);
    return words;
  }

  /// Removes what would steer PostgreSQL from outside, and what is no business of its.
  static void cleanEnvironment(Map<String, String> environment) {
    environment.keySet().removeIf(name -> !name.equals("PATH"));
    environment.put("LC_ALL", "C");
    environment.put("TZ", "UTC");
  }
}
