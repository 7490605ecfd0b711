package dev.slipway.standalone.parts;

import dev.slipway.embedded.KafkaServer;
import dev.slipway.embedded.PostgresServer;
import dev.slipway.embedded.RegistryServer;
import dev.slipway.pipeline.kafka.KafkaPropertiesFile;
import dev.slipway.standalone.directory.DataDirectory;
import dev.slipway.standalone.directory.Endpoint;
import dev.slipway.standalone.directory.Endpoints;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What an installation is connected to: its own servers on its own ports, or those that the
/// environment names.
///
/// @param kafka bootstrap servers
/// @param kafkaClient what a client of the installation's own Kafka needs besides; how to reach
///   another stands in the environment, which services and tools read by themselves
/// @param registry URL of the schema registry, credentials included
/// @param database URL, credentials included
/// @param own the servers that are the installation's own
public record Wiring(
    String kafka,
    Map<String, String> kafkaClient,
    String registry,
    String database,
    Set<Server> own) {
  static final String KAFKA_VARIABLE = "KAFKA_BOOTSTRAP_SERVERS";
  static final String KAFKA_FILE_VARIABLE = "KAFKA_PROPERTIES_FILE";
  static final String REGISTRY_VARIABLE = "SCHEMA_REGISTRY_URL";
  static final String DATABASE_VARIABLE = "DATABASE_URL";

  /// The servers that an installation can run itself.
  public enum Server {
    KAFKA,
    REGISTRY,
    DATABASE
  }

  public Wiring {
    kafkaClient = Collections.unmodifiableMap(new LinkedHashMap<>(kafkaClient));
    own = Set.copyOf(own);
  }

  /// What this installation is connected to.
  ///
  /// @param environment the process's variables; an empty one counts as not set
  public static Wiring of(Map<String, String> environment, Ports ports, DataDirectory directory) {
    Set<Server> own = EnumSet.noneOf(Server.class);
    return new Wiring(
        givenKafka(environment)
            .orElseGet(() -> own(own, Server.KAFKA, "127.0.0.1:" + ports.kafka())),
        own.contains(Server.KAFKA)
            ? KafkaServer.clientSettings(directory.kafkaPassword())
            : Map.of(),
        given(environment, REGISTRY_VARIABLE)
            .orElseGet(() ->
                own(
                    own,
                    Server.REGISTRY,
                    RegistryServer.url(ports.registry(), directory.registryPassword()))),
        given(environment, DATABASE_VARIABLE)
            .orElseGet(() ->
                own(
                    own,
                    Server.DATABASE,
                    PostgresServer.url(ports.database(), directory.databasePassword()))),
        own);
  }

  /// What an installation is connected to that was started on a data directory.
  ///
  /// @param environment the variables that it was started with, as far as they say where its
  ///   servers are
  /// @return empty when neither the environment nor the directory says it
  public static Optional<Wiring> ofStarted(Map<String, String> environment, Path root) {
    Endpoints endpoints = Endpoints.read(root);
    Optional<Ports> ports =
        port(endpoints, Endpoint.CONTROLLER, Ports.CONTROLLER, Optional.empty())
            .or(() ->
                port(
                    endpoints,
                    Endpoint.SCHEMA_REGISTRY,
                    Ports.REGISTRY,
                    given(environment, REGISTRY_VARIABLE)))
            .or(() ->
                port(
                    endpoints,
                    Endpoint.DATABASE,
                    Ports.DATABASE,
                    given(environment, DATABASE_VARIABLE)));
    boolean isElsewhere =
        givenKafka(environment).isPresent()
            && given(environment, REGISTRY_VARIABLE).isPresent()
            && given(environment, DATABASE_VARIABLE).isPresent();
    return ports
        .or(() -> isElsewhere ? Optional.of(new Ports(1)) : Optional.empty())
        .map(found -> of(environment, found, DataDirectory.open(root)));
  }

  /// Ports of an installation of which one of its own servers tells where it is.
  private static Optional<Ports> port(
      Endpoints endpoints, Endpoint server, int place, Optional<String> elsewhere) {
    return elsewhere.isPresent()
        ? Optional.empty()
        : endpoints
            .find(server)
            .map(url -> URI.create(url.contains("://") ? url : "kafka://" + url))
            .filter(url -> "127.0.0.1".equals(url.getHost()))
            .map(url -> url.getPort() - place)
            .filter(first -> first > 0)
            .map(Ports::new);
  }

  /// The Kafka that the environment names, itself or in the file of a client's settings.
  ///
  /// @return its bootstrap servers
  public static Optional<String> givenKafka(Map<String, String> environment) {
    return given(environment, KAFKA_VARIABLE)
        .or(() ->
            given(environment, KAFKA_FILE_VARIABLE)
                .map(file -> KafkaPropertiesFile.read(Path.of(file)).get("bootstrap.servers")));
  }

  /// Leaves in the data directory what others need to reach the installation's own servers.
  public void leaveIn(DataDirectory directory) {
    if (own.contains(Server.KAFKA)) {
      directory.leaveKafkaProperties(kafka, kafkaClient);
    }
  }

  private static String own(Set<Server> own, Server server, String address) {
    own.add(server);
    return address;
  }

  static Optional<String> given(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isBlank());
  }

  /// The database's URL without its password.
  public String databaseWithoutPassword() {
    return database.replaceFirst("//([^/:@]*):.*@", "//$1@");
  }

  /// The URLs of the registry without credentials.
  public String registryWithoutCredentials() {
    return registry.replaceAll("//[^,]*@", "//");
  }

  /// Leaves out the passwords.
  @Override
  public String toString() {
    return "Wiring[%s, %s, %s, own=%s]"
        .formatted(kafka, registryWithoutCredentials(), databaseWithoutPassword(), own);
  }
}
