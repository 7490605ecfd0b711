package dev.slipway.pr;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.kafka.KafkaConfiguration;
import dev.slipway.pipeline.observability.ReadinessCheck;
import dev.slipway.pipeline.stage.StageConfiguration;
import dev.slipway.pr.delivery.DeliveryConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import reactor.core.publisher.Mono;

/// `pr-service`: the one class that a Spring context imports to have all of it.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatabaseProperties.class)
@Import({KafkaConfiguration.class, StageConfiguration.class, DeliveryConfiguration.class})
public class PrServiceConfiguration {
  private static final String SCHEMA = "pr";

  @Bean
  Database database(DatabaseProperties properties) {
    Migrations.migrate(properties, SCHEMA);
    return Database.of(properties, SCHEMA);
  }

  @Bean
  ReadinessCheck databaseReadiness(Database database) {
    return new ReadinessCheck() {
      @Override
      public Part part() {
        return Part.DATABASE;
      }

      @Override
      public Mono<Boolean> isUp() {
        return database.ping().thenReturn(true);
      }
    };
  }
}
