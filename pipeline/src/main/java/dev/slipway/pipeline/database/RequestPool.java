package dev.slipway.pipeline.database;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.client.SSLMode;
import io.r2dbc.spi.ValidationDepth;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/// Connections of HTTP requests, where many wait: they have no role until a transaction takes one
/// on.
record RequestPool(
    ConnectionPool connections,
    DatabaseClient client,
    TransactionalOperator transactions,
    Duration timeout) {

  /// Connects at the first use, so that a start does not depend on Postgres.
  static RequestPool of(DatabaseProperties properties, String schema) {
    DatabaseUrl url = DatabaseUrl.parse(properties.url().value());
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
                .options(options(schema, properties.queryTimeout()))
                // as text, each byte of a value costs a match of a regular expression
                .forceBinary(true)
                .build());
    var pool =
        new ConnectionPool(
            ConnectionPoolConfiguration.builder(factory)
                .initialSize(0)
                .maxSize(properties.apiConnections())
                .maxAcquireTime(properties.acquireTimeout())
                .maxCreateConnectionTime(properties.connectTimeout())
                .maxIdleTime(Duration.ofMinutes(10))
                // one that was cut while it was idle is found here, and not by a request: after an
                // outage that may be all of them
                .validationDepth(ValidationDepth.REMOTE)
                .acquireRetry(properties.apiConnections())
                .build());
    return new RequestPool(
        pool,
        // all bind by position: no statement need be searched for names
        DatabaseClient.builder().connectionFactory(pool).namedParameters(false).build(),
        TransactionalOperator.create(new R2dbcTransactionManager(pool)),
        properties.queryTimeout());
  }

  /// What a client that gave up leaves running ends by itself.
  private static Map<String, String> options(String schema, Duration timeout) {
    return Map.of(
        "role",
        "none",
        // filters that a request leaves out must not cost those that it has their index
        "plan_cache_mode",
        "force_custom_plan",
        "search_path",
        schema,
        "statement_timeout",
        Long.toString(timeout.toMillis()),
        "idle_in_transaction_session_timeout",
        Long.toString(timeout.toMillis() * 2));
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

  void close() {
    connections.dispose();
  }
}
