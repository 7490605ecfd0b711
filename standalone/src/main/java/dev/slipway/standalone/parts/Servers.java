package dev.slipway.standalone.parts;

import dev.slipway.embedded.KafkaServer;
import dev.slipway.embedded.PostgresServer;
import dev.slipway.embedded.RegistryServer;
import dev.slipway.standalone.directory.DataDirectory;
import dev.slipway.standalone.directory.Endpoint;
import dev.slipway.standalone.directory.Endpoints;
import dev.slipway.standalone.directory.TakenException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/// The installation's own Kafka, registry and database, as far as it has them.
public final class Servers implements AutoCloseable {
  private final List<AutoCloseable> started;

  private Servers(List<AutoCloseable> started) {
    this.started = List.copyOf(started);
  }

  /// Ends what a killed process left behind in this directory, on whatever port it is.
  ///
  /// The caller has claimed the directory.
  public static void endOrphans(DataDirectory directory) {
    PostgresServer.endOrphans(postgres(directory));
    RegistryServer.endOrphans(registry(directory));
  }

  /// Makes sure that nobody listens where we are going to.
  ///
  /// @param ports by what will listen there
  /// @throws TakenException when somebody else listens on a port that is needed
  public static void requireFree(Map<String, Integer> ports) {
    ports.forEach((name, port) -> {
      try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        // free
      } catch (IOException _) {
        throw new TakenException(
            "port %d (%s) is in use by another program: stop it, or choose others with --port"
                .formatted(port, name));
      }
    });
  }

  /// The ports that the installation's own servers need, by what listens there.
  public static Map<String, Integer> ports(Wiring wiring, Ports ports) {
    Map<String, Integer> needed = new LinkedHashMap<>();
    if (wiring.own().contains(Wiring.Server.KAFKA)) {
      needed.put("Kafka", ports.kafka());
      needed.put("Kafka's controller", ports.controller());
    }
    if (wiring.own().contains(Wiring.Server.REGISTRY)) {
      needed.put("schema registry", ports.registry());
    }
    if (wiring.own().contains(Wiring.Server.DATABASE)) {
      needed.put("PostgreSQL", ports.database());
    }
    return needed;
  }

  /// Starts them all at the same time and returns once all of them serve. When one fails, the
  /// others are ended.
  public static Servers start(DataDirectory directory, Wiring wiring, Ports ports) {
    Executor executor = task -> Thread.ofPlatform().name("start-server").start(task);
    List<CompletableFuture<? extends AutoCloseable>> starting = new ArrayList<>();
    for (Wiring.Server server : wiring.own()) {
      starting.add(CompletableFuture.supplyAsync(() -> start(server, directory, ports), executor));
    }
    List<AutoCloseable> started = new ArrayList<>();
    CompletionException failure = null;
    for (CompletableFuture<? extends AutoCloseable> server : starting) {
      try {
        started.add(server.join());
      } catch (CompletionException e) {
        failure = e;
      }
    }
    Servers servers = new Servers(started);
    if (failure != null) {
      servers.close();
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
    return servers;
  }

  private static AutoCloseable start(Wiring.Server server, DataDirectory directory, Ports ports) {
    return switch (server) {
      case KAFKA ->
          KafkaServer.start(
              directory.folder("kafka"),
              ports.kafka(),
              ports.controller(),
              directory.kafkaPassword());
      case REGISTRY -> {
        // read once: the services have been told the same
        String password = directory.registryPassword();
        yield Supervised.start(
            "registry",
            () ->
                RegistryServer.start(
                    registry(directory), directory.log("registry"), ports.registry(), password));
      }
      case DATABASE ->
          Supervised.start(
              "postgres",
              () ->
                  PostgresServer.start(
                      postgres(directory),
                      directory.log("postgres"),
                      ports.database(),
                      directory.databasePassword()));
    };
  }

  private static Path postgres(DataDirectory directory) {
    return directory.folder("postgres");
  }

  private static Path registry(DataDirectory directory) {
    return directory.folder("registry");
  }

  /// Where they listen, and where those of others listen that take their place.
  public static Endpoints endpoints(Wiring wiring, Ports ports) {
    Map<Endpoint, String> urls = new EnumMap<>(Endpoint.class);
    urls.put(Endpoint.KAFKA, wiring.kafka());
    if (wiring.own().contains(Wiring.Server.KAFKA)) {
      urls.put(Endpoint.CONTROLLER, "127.0.0.1:" + ports.controller());
    }
    urls.put(Endpoint.SCHEMA_REGISTRY, wiring.registryWithoutCredentials());
    urls.put(Endpoint.DATABASE, wiring.databaseWithoutPassword());
    return new Endpoints(urls);
  }

  /// Ends them, at the same time; those that do not end by themselves are killed.
  @Override
  public void close() {
    List<Thread> ending =
        started.stream()
            .map(server -> Thread.ofPlatform().name("end-server").start(() -> close(server)))
            .toList();
    for (Thread thread : ending) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void close(AutoCloseable server) {
    try {
      server.close();
    } catch (Exception e) { // of AutoCloseable
      throw new IllegalStateException("a server did not end", e);
    }
  }
}
