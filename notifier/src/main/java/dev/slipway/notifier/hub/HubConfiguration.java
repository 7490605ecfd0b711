package dev.slipway.notifier.hub;

import dev.slipway.pipeline.avro.AvroDeserializer;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.TopicUse;
import dev.slipway.pipeline.live.LiveConfiguration;
import dev.slipway.pipeline.live.NotificationsLog;
import dev.slipway.pipeline.observability.ReadinessCheck;
import dev.slipway.pipeline.observability.ReadinessCheck.Part;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.notification.Notification;
import dev.slipway.web.security.AccessRule;
import dev.slipway.web.security.Scope;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.json.JsonMapper;

/// Beans of the hub.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LiveProperties.class)
@Import(LiveConfiguration.class)
public class HubConfiguration {
  private static final int MIB = 1024 * 1024;

  @Bean
  AccessRule eventsAccess() {
    return AccessRule.needs(Scope.EVENTS, "/api/v1/events");
  }

  @Bean
  LiveMetrics liveMetrics(MeterRegistry registry) {
    return new LiveMetrics(registry);
  }

  @Bean
  NotificationCodec notificationCodec(KafkaClients clients) {
    var deserializer = new AvroDeserializer<Notification>();
    deserializer.configure(clients.serde(), false);
    return new NotificationCodec(deserializer);
  }

  @Bean
  Scans scans(
      KafkaClients clients,
      NotificationsLog log,
      NotificationCodec codec,
      LiveProperties properties,
      LiveMetrics metrics) {
    long bytes = properties.scanSize().toBytes();
    return new Scans(
        () -> new Scan(scanConsumer(clients), log.topic(), codec, metrics, bytes),
        properties.scans());
  }

  @Bean
  Hub hub(NotificationsLog log, Scans scans, LiveProperties properties, LiveMetrics metrics) {
    return new Hub(log::extent, scans, properties, metrics);
  }

  @Bean
  NotificationReader notificationReader(
      KafkaClients clients,
      NotificationsLog log,
      NotificationCodec codec,
      Hub hub,
      LiveProperties properties,
      LiveMetrics metrics) {
    return new NotificationReader(
        () -> readerConsumer(clients), log, codec, hub, properties, metrics);
  }

  @Bean
  EventsController eventsController(
      Hub hub, LiveProperties properties, LiveMetrics metrics, JsonMapper json) {
    return new EventsController(
        hub, new Connections(properties, metrics), new SseEncoder(json), Clock.systemUTC());
  }

  @Bean
  TopicUse hubTopicUse() {
    return new TopicUse(List.of(Topics.NOTIFICATIONS), List.of());
  }

  @Bean
  ReadinessCheck logReadiness(NotificationsLog log) {
    return ReadinessCheck.upWhen(
        Part.KAFKA,
        "New streams are refused, because Kafka has not said for five seconds where notifications"
            + " end: check that each of their partitions has a leader.",
        log::reachable);
  }

  private static Consumer<byte[], byte[]> scanConsumer(KafkaClients clients) {
    Map<String, Object> settings = clients.consumer("live-scan");
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MIB);
    // What it is to read is there already. A fetch that waited for more at the end of the log would
    // hold up the next one, from somewhere else.
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 5);
    return clients.newConsumer(settings);
  }

  private static Consumer<byte[], byte[]> readerConsumer(KafkaClients clients) {
    Map<String, Object> settings = clients.consumer("live-reader");
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 16 * MIB);
    return clients.newConsumer(settings);
  }
}
