package dev.slipway.sandbox;

import dev.slipway.pipeline.database.DatabaseProperties;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.kafka.KafkaConfiguration;
import dev.slipway.pipeline.kafka.TopicUse;
import dev.slipway.pipeline.live.LiveConfiguration;
import dev.slipway.pipeline.observability.ReadinessCheck;
import dev.slipway.pipeline.publish.Publisher;
import dev.slipway.pipeline.publish.PublisherConfiguration;
import dev.slipway.pipeline.publish.Relays;
import dev.slipway.pipeline.replay.ReplayConfiguration;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.pipeline.stage.StageConfiguration;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.sandbox.command.CommandConfiguration;
import dev.slipway.sandbox.e2b.E2bConfiguration;
import dev.slipway.sandbox.git.GitConfiguration;
import dev.slipway.sandbox.inside.InsideConfiguration;
import dev.slipway.sandbox.sandbox.SandboxConfiguration;
import dev.slipway.sandbox.sandbox.SandboxNotificationCodec;
import dev.slipway.sandbox.worker.WorkerConfiguration;
import dev.slipway.schemas.Topics;
import dev.slipway.web.admin.AdminConfiguration;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// `sandbox-worker`: the one class that a Spring context imports to have all of it.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatabaseProperties.class)
@Import({
  KafkaConfiguration.class,
  StageConfiguration.class,
  ReplayConfiguration.class,
  AdminConfiguration.class,
  PublisherConfiguration.class,
  LiveConfiguration.class,
  SandboxConfiguration.class,
  InsideConfiguration.class,
  CommandConfiguration.class,
  GitConfiguration.class,
  WorkerConfiguration.class,
  SandboxWorkerConfiguration.WithE2b.class
})
public class SandboxWorkerConfiguration {
  private static final String SCHEMA = "sandbox";

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnProperty("slipway.e2b.api-key")
  @Import(E2bConfiguration.class)
  static class WithE2b {}

  @Bean
  @Qualifier(SCHEMA)
  ServiceSchema schema(DatabaseProperties properties, DiskSpace disk) {
    return ServiceSchema.of(SCHEMA, properties, disk);
  }

  @Bean
  Publisher outboxRelay(
      @Qualifier(SCHEMA) ServiceSchema schema,
      Relays relays,
      SandboxNotificationCodec notifications,
      StageProperties stages) {
    return relays.relay(
        SCHEMA,
        Topics.SANDBOX_RELAY,
        schema.database(),
        schema.wakeup(),
        notifications,
        stages.membership());
  }

  /// Without notifications what it serves lacks nothing but where to begin to listen, events go out
  /// without them, and dead letters are rare.
  @Bean
  TopicUse topicUse() {
    return new TopicUse(
        List.of(
            Topics.SANDBOX_COMMANDS,
            Topics.SANDBOX_EVENTS,
            Topics.SANDBOX_OUTPUT,
            Topics.SANDBOX_RELAY),
        List.of(Topics.NOTIFICATIONS, Topics.SANDBOXES_DEAD_LETTERS));
  }

  @Bean
  ReadinessCheck databaseReadiness(@Qualifier(SCHEMA) ServiceSchema schema) {
    return schema.readiness();
  }
}
