package dev.slipway.embedded;

import java.util.List;

/// The broker of this JVM's tests, started by the first that asks. Each test uses topics of its own
/// (a topic prefix, say); the broker creates none by itself.
public final class SharedKafka {
  private SharedKafka() {}

  /// Where clients connect, as `host:port`. Skips the test when containers are asked for and there
  /// is no engine to run them.
  public static String bootstrapServers() {
    return TestServers.inContainersOrSkip()
        ? Container.BOOTSTRAP_SERVERS
        : Embedded.SERVER.bootstrapServers();
  }

  private static final class Embedded {
    static final KafkaServer SERVER =
        SharedServer.start(
            "kafka",
            folder -> {
              List<Integer> ports = FreePorts.find(2);
              return KafkaServer.start(folder, ports.getFirst(), ports.getLast());
            });
  }

  private static final class Container {
    static final String BOOTSTRAP_SERVERS = ContainerServers.startKafka();
  }
}
