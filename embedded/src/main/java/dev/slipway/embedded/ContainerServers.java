package dev.slipway.embedded;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.AppInfoParser;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/// Kafka and PostgreSQL as containers, of the images that Compose runs, behaving as the embedded
/// ones do. The one class that touches Testcontainers, which ends them when this JVM ends.
final class ContainerServers {
  /// Of the version that the clients have.
  static final String KAFKA_IMAGE = "apache/kafka:" + AppInfoParser.getVersion();

  static final String POSTGRES_IMAGE = "postgres:18";

  private static final String SUPERUSER = "postgres";

  private ContainerServers() {}

  /// Whether there is an engine that runs containers.
  static boolean engineAnswers() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  /// Starts a broker.
  ///
  /// @return where clients connect, as `host:port`
  @SuppressWarnings("resource") // it lives as long as this JVM
  static String startKafka() {
    var kafka = new KafkaContainer(KAFKA_IMAGE).withEnv(environment(KafkaServer.behaviour()));
    kafka.start();
    return kafka.getBootstrapServers();
  }

  /// Starts a server with a login `slipway` and its database.
  ///
  /// @param attributes of the login, such as `createrole`
  /// @param more settings that differ from those of an installation
  @SuppressWarnings("resource") // it lives as long as this JVM
  static PostgresAddress startPostgres(
      String password, String attributes, Map<String, String> more) {
    var postgres =
        new PostgreSQLContainer(POSTGRES_IMAGE)
            .withUsername(SUPERUSER)
            .withPassword(password)
            .withDatabaseName(SUPERUSER)
            .withEnv("POSTGRES_INITDB_ARGS", String.join(" ", PostgresCluster.LOCALE))
            .withCommand(command(more));
    postgres.start();
    var address =
        new PostgresAddress(
            postgres.getHost(),
            postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
            password);
    try (Connection connection = address.connect(SUPERUSER, SUPERUSER);
        Statement statement = connection.createStatement()) {
      for (String sql : PostgresCluster.owner(password, attributes)) {
        statement.execute(sql);
      }
      return address;
    } catch (SQLException e) {
      throw new StartFailedException("PostgreSQL in a container takes no login", e);
    }
  }

  private static String[] command(Map<String, String> more) {
    List<String> command = new ArrayList<>(List.of("postgres"));
    Map<String, String> settings = new TreeMap<>(PostgresServer.BEHAVIOUR);
    settings.putAll(more);
    settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    return command.toArray(String[]::new);
  }

  /// Settings of a broker in the way in which its image takes them.
  static Map<String, String> environment(Map<String, Object> settings) {
    Map<String, String> environment = new TreeMap<>();
    settings.forEach((name, value) ->
        environment.put(
            "KAFKA_" + name.replace('.', '_').toUpperCase(Locale.ROOT), value.toString()));
    return environment;
  }
}
