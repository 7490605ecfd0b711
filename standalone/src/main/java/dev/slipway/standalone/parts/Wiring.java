package dev.slipway.standalone.parts;

import dev.slipway.embedded.PostgresServer;
import dev.slipway.embedded.RegistryServer;
import dev.slipway.standalone.directory.DataDirectory;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What an installation is connected to: its own servers on its own ports, or those that the
/// environment names.
///
/// @param kafka bootstrap servers
/// @param registry URL of the schema registry
/// @param database URL, credentials included
/// @param own the servers that are the installation's own
public record Wiring(String kafka, String registry, String database, Set<Server> own) {
  static final String KAFKA_VARIABLE = "KAFKA_BOOTSTRAP_SERVERS";
  static final String REGISTRY_VARIABLE = "SCHEMA_REGISTRY_URL";
  static final String DATABASE_VARIABLE = "DATABASE_URL";

  /// The servers that an installation can run itself.
  public enum Server {
    KAFKA,
    REGISTRY,
    DATABASE
  }

  public Wiring {
    own = Set.copyOf(own);
  }

  /// What this installation is connected to.
  ///
  /// @param environment the process's variables; an empty one counts as not set
  public static Wiring of(Map<String, String> environment, Ports ports, DataDirectory directory) {
    Set<Server> own = EnumSet.noneOf(Server.class);
    return new Wiring(
        given(environment, KAFKA_VARIABLE)
            .orElseGet(() -> own(own, Server.KAFKA, "127.0.0.1:" + ports.kafka())),
        given(environment, REGISTRY_VARIABLE)
            .orElseGet(() -> own(own, Server.REGISTRY, RegistryServer.url(ports.registry()))),
        given(environment, DATABASE_VARIABLE)
            .orElseGet(() ->
                own(
                    own,
                    Server.DATABASE,
                    PostgresServer.url(ports.database(), directory.databasePassword()))),
        own);
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
    return database.replaceFirst("//([^/:@]*):[^@]*@", "//$1@");
  }

  /// Leaves out the password.
  @Override
  public String toString() {
    return "Wiring[%s, %s, %s, own=%s]".formatted(kafka, registry, databaseWithoutPassword(), own);
  }
}
