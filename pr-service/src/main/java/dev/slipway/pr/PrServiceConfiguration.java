package dev.slipway.pr;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaConfiguration;
import dev.slipway.pipeline.live.LiveConfiguration;
import dev.slipway.pipeline.observability.ReadinessCheck;
import dev.slipway.pipeline.publish.OutboxRelay;
import dev.slipway.pipeline.publish.Publisher;
import dev.slipway.pipeline.publish.PublisherConfiguration;
import dev.slipway.pipeline.publish.Wakeup;
import dev.slipway.pipeline.stage.StageConfiguration;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.pr.delivery.DeliveryConfiguration;
import dev.slipway.pr.pullrequest.PullRequestConfiguration;
import dev.slipway.schemas.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import reactor.core.publisher.Mono;

/// `pr-service`: the one class that a Spring context imports to have all of it.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatabaseProperties.class)
@Import({
  KafkaConfiguration.class,
  StageConfiguration.class,
  PublisherConfiguration.class,
  LiveConfiguration.class,
  DeliveryConfiguration.class,
  PullRequestConfiguration.class
})
public class PrServiceConfiguration {
  private static final String SCHEMA = "pr";

  @Bean
  Database database(DatabaseProperties properties) {
    Migrations.migrate(properties, SCHEMA);
    return Database.of(properties, SCHEMA);
  }

  /// Given by whoever has committed rows of the outbox.
  @Bean
  Wakeup outboxWakeup() {
    return new Wakeup();
  }

  @Bean
  Publisher outboxRelay(
      Database database,
      Wakeup outboxWakeup,
      KafkaClients clients,
      OutboxRelay.Settings settings,
      StageProperties stages,
      MeterRegistry meters) {
    var relay =
        new OutboxRelay(
            SCHEMA, Topics.PR_RELAY, database, outboxWakeup, clients.topicNames(), settings);
    return new Publisher(relay, clients, stages.membership(), settings.limits(), meters);
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
