package dev.slipway.pipeline.database;

import dev.slipway.pipeline.disk.DiskSpace;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.client.SSLMode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
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
  private final Pool stage;
  private final Pool api;

  private Database(
      DatabaseProperties properties, String schema, DiskSpace disk, Pool stage, Pool api) {
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
    DatabaseUrl url = DatabaseUrl.parse(properties.url().value());
    return new Database(
        properties,
        schema,
        disk,
        Pool.of(
            url,
            schema,
            Map.of(
                "role",
                "slipway_stage",
                "plan_cache_mode",
                "auto",
                "synchronous_commit",
                synchronousCommit),
            properties,
            stageConnections,
            properties.stageTimeout()),
        Pool.of(
            url,
            schema,
            // filters that a request leaves out must not cost those that it has their index
            Map.of("role", "none", "plan_cache_mode", "force_custom_plan"),
            properties,
            properties.apiConnections(),
            properties.queryTimeout()));
  }

  /// Runs the work in one transaction of role `slipway_stage`, which is what fills a database:
  /// stages, relays and rebuilds. None is begun while the disk is nearly full.
  ///
  /// @return what the work answers; [dev.slipway.pipeline.error.RetryableException] when the
  ///   database is away, or its disk nearly full
  public <T> Mono<T> asStage(Function<DatabaseClient, Mono<T>> work) {
    return Mono.fromRunnable(disk::require).then(stage.inTransaction(work));
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
    stage.connections.dispose();
    api.connections.dispose();
  }

  private record Pool(
      ConnectionPool connections,
      DatabaseClient client,
      TransactionalOperator transactions,
      Duration timeout) {

    static Pool of(
        DatabaseUrl url,
        String schema,
        Map<String, String> session,
        DatabaseProperties properties,
        int size,
        Duration timeout) {
      var factory =
          new PostgresqlConnectionFactory(
              PostgresqlConnectionConfiguration.builder()
                  .host(url.host())
                  .port(url.port())
                  .database(url.database())
                  .username(url.user())
                  .password(url.password())
                  .sslMode(SSLMode.fromValue(url.sslMode()))
                  .applicationName("slipway-" + schema)
                  .connectTimeout(properties.connectTimeout())
                  .tcpKeepAlive(true)
                  .options(options(session, schema, timeout))
                  // as text, each byte of a value costs a match of a regular expression
                  .forceBinary(true)
                  .build());
      var pool =
          new ConnectionPool(
              ConnectionPoolConfiguration.builder(factory)
                  .initialSize(0)
                  .maxSize(size)
                  .maxAcquireTime(properties.acquireTimeout())
                  .maxCreateConnectionTime(properties.connectTimeout())
                  .maxIdleTime(Duration.ofMinutes(10))
                  .build());
      return new Pool(
          pool,
          // all bind by position: no statement need be searched for names
          DatabaseClient.builder().connectionFactory(pool).namedParameters(false).build(),
          TransactionalOperator.create(new R2dbcTransactionManager(pool)),
          timeout);
    }

    /// What a client that gave up leaves running ends by itself.
    private static Map<String, String> options(
        Map<String, String> session, String schema, Duration timeout) {
      var options = new HashMap<>(session);
      options.put("search_path", schema);
      options.put("statement_timeout", Long.toString(timeout.toMillis()));
      options.put("idle_in_transaction_session_timeout", Long.toString(timeout.toMillis() * 2));
      return options;
    }

    <T> Mono<T> inTransaction(Function<DatabaseClient, Mono<T>> work) {
      Mono<T> transaction = transactions.transactional(Mono.defer(() -> work.apply(client)));
      // INVARIANT: a transaction runs to its end though nobody waits any more. The rollback of one
      // that is cancelled comes late, on a connection that already serves another, and undoes half
      // of that. Postgres itself ends what takes too long, and who waited has had his error then:
      // as a signal, the late one is not reported a second time.
      return Mono.deferContextual(context ->
              Mono.fromFuture(transaction.contextWrite(context).materialize().toFuture(), true))
          .<T>dematerialize()
          .timeout(timeout)
          .onErrorMap(DatabaseErrors::translate);
    }
  }
}
