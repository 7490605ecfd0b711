package dev.slipway.pr;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.database.Migrations;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaConfiguration;
import dev.slipway.pipeline.kafka.TopicUse;
import dev.slipway.pipeline.live.LiveConfiguration;
import dev.slipway.pipeline.observability.ReadinessCheck;
import dev.slipway.pipeline.observability.ReadinessCheck.Finding;
import dev.slipway.pipeline.observability.ReadinessCheck.Part;
import dev.slipway.pipeline.publish.OutboxRelay;
import dev.slipway.pipeline.publish.Publisher;
import dev.slipway.pipeline.publish.PublisherConfiguration;
import dev.slipway.pipeline.publish.Wakeup;
import dev.slipway.pipeline.stage.StageConfiguration;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.pr.delivery.DeliveryConfiguration;
import dev.slipway.pr.pullrequest.PullRequestConfiguration;
import dev.slipway.schemas.Topics;
import dev.slipway.web.admin.AdminConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
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
  AdminConfiguration.class,
  PublisherConfiguration.class,
  LiveConfiguration.class,
  DeliveryConfiguration.class,
  PullRequestConfiguration.class
})
public class PrServiceConfiguration {
  private static final String SCHEMA = "pr";

  @Bean
  Database database(DatabaseProperties properties, DiskSpace disk) {
    Migrations.migrate(properties, SCHEMA);
    return Database.of(properties, SCHEMA, disk);
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

  /// Without notifications what it serves lacks nothing but where to begin to listen, and dead
  /// letters are rare.
  @Bean
  TopicUse topicUse() {
    return new TopicUse(
        List.of(Topics.GITHUB_DELIVERIES, Topics.PULL_REQUEST_EVENTS, Topics.PR_RELAY),
        List.of(Topics.NOTIFICATIONS, Topics.DELIVERIES_DEAD_LETTERS));
  }

  @Bean
  ReadinessCheck databaseReadiness(Database database) {
    return new ReadinessCheck(
        Part.DATABASE,
        "The database does not answer: start it, or check DATABASE_URL.",
        Mono.defer(() -> database.ping().thenReturn(Finding.up())));
  }
}
