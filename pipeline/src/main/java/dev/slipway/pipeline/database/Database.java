package dev.slipway.pipeline.database;

import com.zaxxer.hikari.HikariDataSource;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.error.RetryableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/// One service's schema in Postgres, reached in two roles that never share a connection: stages
/// (`slipway_stage`, every tenant) and HTTP requests (`slipway_api`, one tenant by row-level
/// security). Nothing is queried outside a transaction.
public final class Database implements AutoCloseable {
  private static final String TAKE_ON_API_ROLE =
      "select set_config('role', 'slipway_api', true), set_config('slipway.tenant', $1, true)";

  private final DatabaseProperties properties;
  private final String schema;
  private final DiskSpace disk;
  private final HikariDataSource stage;
  private final RequestPool api;

  private Database(
      DatabaseProperties properties,
      String schema,
      DiskSpace disk,
      HikariDataSource stage,
      RequestPool api) {
    this.properties = properties;
    this.schema = schema;
    this.disk = disk;
    this.stage = stage;
    this.api = api;
  }

  /// Makes the pools; connects at the first use, so that a start does not depend on Postgres.
  ///
  /// @param schema the service's schema
  public static Database of(DatabaseProperties properties, String schema) {
    return of(properties, schema, DiskSpace.unwatched());
  }

  /// As the other, for one whose files are where `disk` looks.
  public static Database of(DatabaseProperties properties, String schema, DiskSpace disk) {
    return of(properties, schema, disk, properties.stageConnections(), "on");
  }

  /// Another schema, reached by a connection or two: what is written there need not survive a
  /// crash, so that its commits wait for no disk.
  Database throwaway(String name) {
    return of(properties, name, disk, 2, "off");
  }

  private static Database of(
      DatabaseProperties properties,
      String schema,
      DiskSpace disk,
      int stageConnections,
      String synchronousCommit) {
    return new Database(
        properties,
        schema,
        disk,
        StagePool.of(properties, schema, stageConnections, synchronousCommit),
        RequestPool.of(properties, schema));
  }

  /// Runs the work in one transaction of role `slipway_stage`, which is what fills a database:
  /// stages, relays and rebuilds. None is begun while the disk is nearly full.
  ///
  /// @return what the work answers
  /// @throws dev.slipway.pipeline.error.RetryableException when the database is away, or its disk
  ///   nearly full; a [StatementTimeoutException] when a statement took too long, a
  ///   [CommitInDoubtException] when nobody answered the commit
  /// @throws ConflictException when another transaction was faster
  /// @throws InterruptException when the thread is being stopped
  public <T extends @Nullable Object> T inStage(Function<Transaction, T> work) {
    disk.require();
    try (Connection connection = stage.getConnection()) {
      T answer = work.apply(new Transaction(connection));
      commit(connection);
      return answer;
    } catch (SQLException e) {
      throw interrupted(DatabaseErrors.translate(e));
    } catch (RuntimeException e) {
      throw interrupted(e);
    }
  }

  private static void commit(Connection connection) {
    try {
      connection.commit();
    } catch (SQLException e) {
      RuntimeException failure = DatabaseErrors.translate(e);
      // refused, as by a constraint that is checked last, it is not in doubt
      throw failure.getClass() == RetryableException.class
          ? new CommitInDoubtException(e)
          : failure;
    }
  }

  private static RuntimeException interrupted(RuntimeException failure) {
    return Thread.currentThread().isInterrupted() && !(failure instanceof InterruptException)
        ? new InterruptException("the thread is being stopped", new InterruptedException())
        : failure;
  }

  /// Runs the work in one transaction of role `slipway_api` that sees the rows of one tenant.
  ///
  /// @return what the work answers; [dev.slipway.pipeline.error.RetryableException] when the
  ///   database is away
  public <T> Mono<T> asApi(String tenant, Function<DatabaseClient, Mono<T>> work) {
    return api.inTransaction(
        client -> client.sql(TAKE_ON_API_ROLE).bind(0, tenant).then().then(work.apply(client)));
  }

  /// Answers when Postgres does, through the pool that requests use.
  public Mono<Void> ping() {
    return api.inTransaction(client -> client.sql("select 1").then().thenReturn(true)).then();
  }

  DatabaseProperties properties() {
    return properties;
  }

  String schema() {
    return schema;
  }

  @Override
  public void close() {
    stage.close();
    api.close();
  }
}
