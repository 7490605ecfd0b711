package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.live.LogExtent;
import java.util.Optional;
import java.util.function.Supplier;

/// Makes the stream publishers of a process.
public final class StreamPublishers {
  private final KafkaClients clients;
  private final Supplier<Optional<LogExtent>> topic;
  private final PublisherProperties properties;

  StreamPublishers(
      KafkaClients clients, Supplier<Optional<LogExtent>> topic, PublisherProperties properties) {
    this.clients = clients;
    this.topic = topic;
    this.properties = properties;
  }

  /// A publisher.
  ///
  /// @param name its transactional id without the installation's prefix: no other live process of
  ///   the installation has it, and a restarted one has its own again
  public StreamPublisher named(String name) {
    return new StreamPublisher(clients, name, topic, properties);
  }
}
