package dev.slipway.pipeline.live;

import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.schemas.Topics;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What a service imports to know where the log of notifications ends: the notifier, and every
/// service whose resources carry a `Slipway-Cursor`.
@Configuration(proxyBeanMethods = false)
public class LiveConfiguration {
  @Bean
  NotificationsLog notificationsLog(KafkaClients clients) {
    return new NotificationsLog(
        clients.admin("notifications-log"), clients.topicNames().of(Topics.NOTIFICATIONS));
  }

  @Bean
  CursorSource cursorSource(NotificationsLog log) {
    return new CursorSource(log);
  }
}
