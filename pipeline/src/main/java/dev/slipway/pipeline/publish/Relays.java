package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.Membership;
import dev.slipway.pipeline.live.LogExtent;
import dev.slipway.schemas.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/// Makes the relays of a process: one for each schema.
public final class Relays {
  private final KafkaClients clients;
  private final Supplier<Optional<LogExtent>> topic;
  private final OutboxRelay.Settings settings;
  private final MeterRegistry meters;

  /// @param topic from where to where `notifications` reaches, as far as is known
  Relays(
      KafkaClients clients,
      Supplier<Optional<LogExtent>> topic,
      OutboxRelay.Settings settings,
      MeterRegistry meters) {
    this.clients = clients;
    this.topic = topic;
    this.settings = settings;
    this.meters = meters;
  }

  /// The relay of a schema's outbox.
  ///
  /// @param checkpoints the topic of its checkpoints, for no other relay
  /// @param database the way to that schema
  /// @param wakeup given by whoever has committed rows in this process
  /// @param renderer of the service's own events
  public Publisher relay(
      String schema,
      Topic checkpoints,
      Database database,
      Wakeup wakeup,
      NotificationRenderer renderer,
      Membership membership) {
    String name = nameOf(schema);
    var metrics = new PublisherMetrics(meters, name);
    var source =
        source(
            new OutboxRelay.Source(name, checkpoints, database, wakeup, clients.topicNames()),
            renderer,
            BootNote.of(settings.outbox().bootDirectory(), name),
            metrics);
    return new Publisher(source, clients, membership, settings.limits(), metrics);
  }

  static String nameOf(String schema) {
    return "relay-" + schema;
  }

  OutboxRelay source(
      OutboxRelay.Source source,
      NotificationRenderer renderer,
      BootNote boot,
      PublisherMetrics metrics) {
    var notifications =
        new Notifications(
            source.name(),
            renderer,
            new NotificationCodec(clients),
            topic,
            metrics,
            Clock.systemUTC());
    return new OutboxRelay(source, notifications, boot, settings);
  }
}
