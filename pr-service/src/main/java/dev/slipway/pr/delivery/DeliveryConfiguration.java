package dev.slipway.pr.delivery;

import dev.slipway.pipeline.avro.AvroDeserializer;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.security.AccessRule;
import dev.slipway.pipeline.security.Scope;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.schemas.github.Delivery;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
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
  DeliveryController deliveryController(Database database) {
    return new DeliveryController(database);
  }

  @Bean
  AvroDeserializer<Delivery> deliveryDeserializer(KafkaClients clients) {
    var deserializer = new AvroDeserializer<Delivery>();
    deserializer.configure(clients.serde(), false);
    return deserializer;
  }

  @Bean
  StageRunner<?, ?, ?, ?> deliveryStage(
      AvroDeserializer<Delivery> deserializer,
      Database database,
      KafkaClients clients,
      StageProperties properties,
      MeterRegistry meters,
      Traces traces) {
    return new StageRunner<>(
        new DeliveryStage(new DeliveryCodec(deserializer)),
        database,
        clients,
        properties,
        meters,
        traces,
        Clock.systemUTC());
  }
}
