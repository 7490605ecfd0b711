package dev.slipway.embedded;

import java.util.List;

/// The broker of this JVM's tests, started by the first that asks. Each test uses topics of its own
/// (a topic prefix, say); the broker creates none by itself.
public final class SharedKafka {
  private SharedKafka() {}

  /// Where clients connect, as `host:port`.
  public static String bootstrapServers() {
    return Holder.SERVER.bootstrapServers();
  }

  private static final class Holder {
    static final KafkaServer SERVER =
        SharedServer.start(
            "kafka",
            folder -> {
              List<Integer> ports = FreePorts.find(2);
              return KafkaServer.start(folder, ports.getFirst(), ports.getLast());
            });
  }
}
