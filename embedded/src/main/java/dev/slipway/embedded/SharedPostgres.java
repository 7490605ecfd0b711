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
  private static final String ATTRIBUTES = "createrole createdb";

  /// Its processes may be killed, but no test takes the power away.
  private static final Map<String, String> DIFFERENT = Map.of("fsync", "off");

  private static final AtomicInteger COUNTER = new AtomicInteger();
  private static final Map<String, String> TEMPLATES = new ConcurrentHashMap<>();

  private SharedPostgres() {}

  /// Creates a database and answers its URL, `postgresql://user:password@host:port/name`. The login
  /// owns it, may create roles, and is no superuser. Skips the test when containers are asked for
  /// and there is no engine to run them.
  public static String newDatabase() {
    return server().url(create("template1"));
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
              fill.accept(server().url(name));
              return name;
            });
    return server().url(create(template));
  }

  private static String create(String template) {
    String name = "test_" + COUNTER.incrementAndGet();
    try (Connection connection = server().connect(PostgresCluster.OWNER);
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name + " template " + template);
      return name;
    } catch (SQLException e) {
      throw new IllegalStateException("no database " + name, e);
    }
  }

  private static PostgresAddress server() {
    return TestServers.inContainersOrSkip() ? Container.ADDRESS : Embedded.SERVER.address();
  }

  private static final class Container {
    static final PostgresAddress ADDRESS =
        ContainerServers.startPostgres(PASSWORD, ATTRIBUTES, DIFFERENT);
  }

  private static final class Embedded {
    static final PostgresServer SERVER = SharedServer.start("postgres", Embedded::start);

    private static PostgresServer start(Path folder) {
      Path cache = cache(folder);
      new PostgresCluster(PostgresBinaries.unpack(cache), folder.resolve("data"))
          .initialise(PASSWORD, ATTRIBUTES);
      return PostgresServer.start(
          folder, cache, folder.resolve("postgres.log"), FreePorts.find(), PASSWORD, DIFFERENT);
    }

    /// Unpacking takes seconds: the builds of all modules share what the first one unpacked.
    private static Path cache(Path folder) {
      Path target = Installation.folderOf(SharedPostgres.class);
      return target.endsWith("target") && Files.isWritable(target) ? target : folder;
    }
  }
}
