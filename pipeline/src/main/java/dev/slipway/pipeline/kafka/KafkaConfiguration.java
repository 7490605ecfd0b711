package dev.slipway.pipeline.kafka;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Kafka and the registry as this process was told to reach them. Every service that talks to them
/// imports it.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  KafkaProperties.class,
  SpringKafkaProperties.class,
  SchemaRegistryProperties.class
})
public class KafkaConfiguration {

  @Bean
  KafkaClients kafkaClients(
      KafkaProperties kafka, SpringKafkaProperties spring, SchemaRegistryProperties registry) {
    return new KafkaClients(ClientSettings.complete(kafka, spring), registry);
  }

  @Bean
  TopicNames topicNames(KafkaClients clients) {
    return clients.topicNames();
  }
}
