package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.live.LiveConfiguration;
import dev.slipway.pipeline.live.NotificationsLog;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// What a service that publishes imports.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({PublisherProperties.class, OutboxProperties.class})
@Import(LiveConfiguration.class)
public class PublisherConfiguration {
  @Bean
  Relays relays(
      KafkaClients clients,
      NotificationsLog notifications,
      PublisherProperties limits,
      OutboxProperties outbox,
      MeterRegistry meters) {
    return new Relays(
        clients, notifications::extent, new OutboxRelay.Settings(limits, outbox), meters);
  }

  @Bean
  StreamPublishers streamPublishers(
      KafkaClients clients, NotificationsLog notifications, PublisherProperties limits) {
    return new StreamPublishers(clients, notifications::extent, limits);
  }
}
