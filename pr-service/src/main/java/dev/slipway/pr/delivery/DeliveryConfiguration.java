package dev.slipway.pr.delivery;

import dev.slipway.pipeline.avro.AvroDeserializer;
import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.live.CursorSource;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.retention.Pruning;
import dev.slipway.pipeline.retention.RetentionProperties;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.github.Delivery;
import dev.slipway.schemas.pullrequest.PullRequestEvent;
import dev.slipway.web.security.AccessRule;
import dev.slipway.web.security.Scope;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Beans of the deliveries feature.
@Configuration(proxyBeanMethods = false)
public class DeliveryConfiguration {
  @Bean
  AccessRule deliveryAccess() {
    return AccessRule.needs(Scope.TASKS, "/api/v1/deliveries/**");
  }

  @Bean
  DeliveryController deliveryController(
      @Qualifier("pr") ServiceSchema schema, CursorSource cursors) {
    return new DeliveryController(schema.database(), cursors);
  }

  @Bean
  Pruning deliveryPruning(
      RetentionProperties retention, @Qualifier("pr") ServiceSchema schema, KafkaClients clients) {
    Duration kept = retention.deliveries();
    return kept == null
        ? Pruning.NOTHING
        : new DeliveryPruning(
            schema.database(), clients, Clock.systemUTC(), kept, retention.rows());
  }

  @Bean
  AvroDeserializer<Delivery> deliveryDeserializer(KafkaClients clients) {
    var deserializer = new AvroDeserializer<Delivery>();
    deserializer.configure(clients.serde(), false);
    return deserializer;
  }

  @Bean
  AvroSerializer<PullRequestEvent> pullRequestEventSerializer(KafkaClients clients) {
    var serializer = new AvroSerializer<PullRequestEvent>();
    serializer.configure(clients.serde(), false);
    return serializer;
  }

  @Bean
  StageRunner<?, ?, ?> deliveryStage(
      AvroDeserializer<Delivery> deserializer,
      AvroSerializer<PullRequestEvent> serializer,
      @Qualifier("pr") ServiceSchema schema,
      KafkaClients clients,
      StageProperties properties,
      MeterRegistry meters,
      Traces traces) {
    return new StageRunner<>(
        DeliveryStage.of(
            deserializer, serializer, clients.topicNames().of(Topics.PULL_REQUEST_EVENTS)),
        schema,
        clients,
        properties,
        meters,
        traces,
        Clock.systemUTC());
  }
}
