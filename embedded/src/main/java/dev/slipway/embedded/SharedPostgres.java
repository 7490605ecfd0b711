package dev.slipway.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The PostgreSQL server of this JVM's tests, started by the first that asks. Each test uses a
/// database of its own; roles belong to the server and are shared by all databases.
public final class SharedPostgres {
  private static final String PASSWORD = "test";
  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final Map<String, String> TEMPLATES = new ConcurrentHashMap<>();

  private SharedPostgres() {}

  /// Creates a database and answers its URL, `postgresql://user:password@host:port/name`. The login
  /// owns it, may create roles, and is no superuser.
  public static String newDatabase() {
    return Holder.SERVER.url(create("template1"));
  }

  /// As [#newDatabase()], a copy of one that is filled once: what each test of a kind begins with.
  ///
  /// @param kind tells one filling from another
  /// @param fill is given the URL of the database to fill, and leaves no connection to it
  public static String newDatabase(String kind, Consumer<String> fill) {
    String template =
        TEMPLATES.computeIfAbsent(
            kind,
            _ -> {
              String name = create("template1");
              fill.accept(Holder.SERVER.url(name));
              return name;
            });
    return Holder.SERVER.url(create(template));
  }

  private static String create(String template) {
    String name = "test_" + COUNTER.incrementAndGet();
    try (Connection connection = Holder.SERVER.connect(PostgresCluster.OWNER);
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name + " template " + template);
      return name;
    } catch (SQLException e) {
      throw new IllegalStateException("no database " + name, e);
    }
  }

  /// Process id of the server, for tests that stop and continue it.
  public static long pid() {
    return Holder.SERVER.pid();
  }

  private static final class Holder {
    static final PostgresServer SERVER = SharedServer.start("postgres", Holder::start);

    private static PostgresServer start(Path folder) {
      Path cache = cache(folder);
      new PostgresCluster(PostgresBinaries.unpack(cache), folder.resolve("data"))
          .initialise(PASSWORD, "createrole createdb");
      // its processes may be killed, but no test takes the power away
      return PostgresServer.start(
          folder,
          cache,
          folder.resolve("postgres.log"),
          FreePorts.find(),
          PASSWORD,
          Map.of("fsync", "off"));
    }

    /// Unpacking takes seconds: the builds of all modules share what the first one unpacked.
    private static Path cache(Path folder) {
      Path target = Installation.folderOf(SharedPostgres.class);
      return target.endsWith("target") && Files.isWritable(target) ? target : folder;
    }
  }
}
