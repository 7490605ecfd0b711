package dev.slipway.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL server as a child of this JVM, on loopback, with passwords and with `fsync`.
///
/// PostgreSQL outlives a JVM that is killed. The next start on the same folder ends what is left
/// there, and nothing else: a process belongs to the folder when it is a `postgres` that runs in
/// it.
public final class PostgresServer implements ChildServer {
  private static final Logger log = LoggerFactory.getLogger(PostgresServer.class);
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  /// Fast shutdown (clients are cut off, a checkpoint is written), immediate shutdown, kill.
  private static final List<Signal> END =
      List.of(
          new Signal("INT", Duration.ofSeconds(10)),
          new Signal("QUIT", Duration.ofSeconds(4)),
          new Signal("KILL", Duration.ofSeconds(4)));

  private static final long MIB = 1024 * 1024;
  private static final String WRONG_PASSWORD = "28P01";

  private static final Map<String, String> ADDRESSES =
      Map.of("listen_addresses", "127.0.0.1", "unix_socket_directories", "");

  /// What does not depend on where it runs.
  static final Map<String, String> BEHAVIOUR =
      Map.ofEntries(
          Map.entry("fsync", "on"),
          Map.entry("synchronous_commit", "on"),
          Map.entry("max_connections", "100"),
          Map.entry("shared_buffers", "128MB"),
          Map.entry("jit", "off"),
          // Statements carry data; the log must not.
          Map.entry("log_min_error_statement", "panic"),
          Map.entry("log_error_verbosity", "terse"),
          Map.entry("log_checkpoints", "off"));

  private final ChildProcess process;
  private final PostgresAddress address;

  private PostgresServer(ChildProcess process, PostgresAddress address) {
    this.process = process;
    this.address = address;
  }

  /// Starts the server and returns once it takes connections.
  ///
  /// @param home folder of this server; made when it is not there, kept when it is
  /// @param port to listen on
  /// @param password of login `slipway`, the owner of database `slipway`; never changes for a home
  public static PostgresServer start(Path home, int port, String password) {
    return start(home, home.resolve("postgres.log"), port, password);
  }

  /// As the other, with its log elsewhere.
  public static PostgresServer start(Path home, Path logFile, int port, String password) {
    return start(home, home, logFile, port, password, Map.of());
  }

  /// @param more settings that differ from those of an installation
  static PostgresServer start(
      Path home, Path cache, Path logFile, int port, String password, Map<String, String> more) {
    PostgresBinaries binaries = PostgresBinaries.unpack(cache);
    PostgresCluster cluster = new PostgresCluster(binaries, home.resolve("data"));
    cluster.initialise(password, "createrole");
    endOrphans(home);
    try {
      List<String> command = PostgresCluster.asUnprivileged(command(cluster, port, more));
      ChildProcess process =
          ChildProcess.start(
              command, cluster.folder(), logFile, PostgresCluster::cleanEnvironment, END);
      PostgresServer server = new PostgresServer(process, address(port, password));
      server.awaitReady(logFile);
      return server;
    } catch (IOException e) {
      throw new StartFailedException("could not start PostgreSQL in " + home, e);
    }
  }

  /// How much of its log is kept between checkpoints: the more, the fewer of them; but it must not
  /// be what fills a small disk.
  static Map<String, String> logSettings(long diskBytes) {
    long most = Math.clamp(diskBytes / MIB / 16, 64, 1024);
    return Map.of("max_wal_size", most + "MB", "min_wal_size", Math.min(most / 2, 80) + "MB");
  }

  private static List<String> command(PostgresCluster cluster, int port, Map<String, String> more)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                cluster.binaries().program("postgres"),
                "-D",
                cluster.folder().toString(),
                "-p",
                Integer.toString(port)));
    Map<String, String> settings = new TreeMap<>(BEHAVIOUR);
    settings.putAll(ADDRESSES);
    settings.putAll(logSettings(Files.getFileStore(cluster.folder()).getTotalSpace()));
    settings.putAll(more);
    settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    return command;
  }

  /// Ends what an earlier JVM left behind in this folder, first the server, then those of its
  /// workers that have not noticed.
  public static void endOrphans(Path home) {
    Path data = home.resolve("data");
    if (!Files.exists(data)) {
      return;
    }
    try {
      Path folder = data.toRealPath();
      for (OsProcess orphan : OsProcess.find(p -> isPostgresIn(p, folder) && !isWorker(p))) {
        log.atInfo().addKeyValue("pid", orphan.pid()).log("ending an orphaned server");
        Signal.end(orphan.pid(), END);
      }
      for (OsProcess worker : OsProcess.find(p -> isPostgresIn(p, folder))) {
        Signal.end(worker.pid(), END.subList(1, END.size()));
      }
      // Its process id may be somebody else's by now, and PostgreSQL would take that for a server.
      Files.deleteIfExists(folder.resolve("postmaster.pid"));
    } catch (IOException e) {
      throw new StartFailedException("could not look for orphans of " + data, e);
    }
  }

  private static boolean isPostgresIn(OsProcess process, Path folder) {
    String program = process.commandLine().getFirst();
    return process.workingDirectory().equals(folder)
        && (program.endsWith("/postgres") || program.startsWith("postgres:"));
  }

  private static boolean isWorker(OsProcess process) {
    return process.commandLine().getFirst().startsWith("postgres:");
  }

  private void awaitReady(Path logFile) {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      try (Connection connection = address.connect(PostgresCluster.OWNER)) {
        log.atDebug().addKeyValue("url", connection.getMetaData().getURL()).log("postgres ready");
        return;
      } catch (SQLException e) {
        if (WRONG_PASSWORD.equals(e.getSQLState())) {
          close();
          throw new StartFailedException(
              "PostgreSQL does not take the password: it was made with another one", e);
        }
        if (!process.isAlive() || System.nanoTime() - deadline > 0) {
          close();
          throw new StartFailedException(
              "PostgreSQL did not start, see " + logFile + ":\n" + process.tail(), e);
        }
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      }
    }
  }

  /// Where it listens.
  PostgresAddress address() {
    return address;
  }

  /// URL of the database, credentials included.
  public String url() {
    return address.url(PostgresCluster.OWNER);
  }

  /// URL of the database of a server on this port.
  public static String url(int port, String password) {
    return address(port, password).url(PostgresCluster.OWNER);
  }

  private static PostgresAddress address(int port, String password) {
    return new PostgresAddress("127.0.0.1", port, password);
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public void onExit(Runnable action) {
    process.onExit(action);
  }

  @Override
  public void close() {
    process.end();
  }
}
