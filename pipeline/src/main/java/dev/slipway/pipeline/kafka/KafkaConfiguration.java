package dev.slipway.pipeline.kafka;

import dev.slipway.pipeline.observability.ReadinessCheck;
import dev.slipway.pipeline.observability.ReadinessCheck.Part;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import reactor.core.publisher.Mono;

/// Kafka and the registry as this process was told to reach them. Every service that talks to them
/// imports it.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({KafkaProperties.class, SchemaRegistryProperties.class})
public class KafkaConfiguration {

  @Bean
  KafkaClients kafkaClients(
      KafkaProperties kafka,
      SchemaRegistryProperties registry,
      Environment environment,
      ObjectProvider<SslBundles> bundles,
      ObjectProvider<MeterRegistry> meters) {
    return new KafkaClients(
        ClientSettings.of(kafka, SpringKafka.read(environment, bundles::getObject)),
        new TopicNames(kafka.topicPrefix()),
        registry,
        meters.getIfAvailable());
  }

  @Bean
  TopicNames topicNames(KafkaClients clients) {
    return clients.topicNames();
  }

  @Bean(destroyMethod = "close")
  KafkaReadiness kafka(KafkaClients clients, ObjectProvider<TopicUse> uses) {
    return new KafkaReadiness(
        clients.admin("readiness"), clients.topicNames(), uses.stream().toList());
  }

  @Bean
  ReadinessCheck kafkaReadiness(KafkaReadiness kafka) {
    return new ReadinessCheck(Part.KAFKA, KafkaReadiness.REMEDY, Mono.defer(kafka::look));
  }

  @Bean(destroyMethod = "close")
  RegistryReadiness registry(KafkaClients clients) {
    return new RegistryReadiness(clients.serde(), clients.schemas());
  }

  @Bean
  ReadinessCheck registryReadiness(RegistryReadiness registry) {
    return new ReadinessCheck(Part.REGISTRY, RegistryReadiness.REMEDY, Mono.defer(registry::look));
  }
}
