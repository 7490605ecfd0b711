package dev.slipway.pipeline.publish;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What a service that publishes imports: settings.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({PublisherProperties.class, OutboxProperties.class})
public class PublisherConfiguration {
  @Bean
  OutboxRelay.Settings relaySettings(PublisherProperties limits, OutboxProperties outbox) {
    return new OutboxRelay.Settings(limits, outbox);
  }
}
