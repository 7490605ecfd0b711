package dev.slipway.pr;

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
import dev.slipway.pipeline.retention.RetentionConfiguration;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.pipeline.stage.StageConfiguration;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.pr.delivery.DeliveryConfiguration;
import dev.slipway.pr.github.GitHubClientConfiguration;
import dev.slipway.pr.opening.OpeningConfiguration;
import dev.slipway.pr.pullrequest.PullRequestConfiguration;
import dev.slipway.pr.pullrequest.PullRequestNotificationCodec;
import dev.slipway.pr.reading.ReadingConfiguration;
import dev.slipway.pr.sandbox.SandboxConfiguration;
import dev.slipway.pr.task.TaskApiConfiguration;
import dev.slipway.pr.task.TaskConfiguration;
import dev.slipway.pr.task.TaskNotificationCodec;
import dev.slipway.schemas.Topics;
import dev.slipway.web.admin.AdminConfiguration;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// `pr-service`: the one class that a Spring context imports to have all of it.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatabaseProperties.class)
@Import({
  KafkaConfiguration.class,
  StageConfiguration.class,
  ReplayConfiguration.class,
  AdminConfiguration.class,
  RetentionConfiguration.class,
  PublisherConfiguration.class,
  LiveConfiguration.class,
  GitHubClientConfiguration.class,
  DeliveryConfiguration.class,
  PullRequestConfiguration.class,
  OpeningConfiguration.class,
  ReadingConfiguration.class,
  SandboxConfiguration.class,
  TaskConfiguration.class,
  TaskApiConfiguration.class
})
public class PrServiceConfiguration {
  private static final String SCHEMA = "pr";

  @Bean
  @Qualifier(SCHEMA)
  ServiceSchema schema(DatabaseProperties properties, DiskSpace disk) {
    return ServiceSchema.of(SCHEMA, properties, disk);
  }

  @Bean
  Publisher outboxRelay(
      @Qualifier(SCHEMA) ServiceSchema schema,
      Relays relays,
      PullRequestNotificationCodec pullRequests,
      TaskNotificationCodec tasks,
      StageProperties stages) {
    return relays.relay(
        SCHEMA,
        Topics.PR_RELAY,
        schema.database(),
        schema.wakeup(),
        (topic, tenant, envelope, value) ->
            pullRequests
                .render(topic, tenant, envelope, value)
                .or(() -> tasks.render(topic, tenant, envelope, value)),
        stages.membership());
  }

  /// Without notifications what it serves lacks nothing but where to begin to listen, events go out
  /// without them, and dead letters are rare.
  @Bean
  TopicUse topicUse() {
    return new TopicUse(
        List.of(
            Topics.GITHUB_DELIVERIES,
            Topics.PULL_REQUEST_EVENTS,
            Topics.TASK_COMMANDS,
            Topics.TASK_EVENTS,
            Topics.SANDBOX_COMMANDS,
            Topics.SANDBOX_EVENTS,
            Topics.PR_RELAY),
        List.of(
            Topics.NOTIFICATIONS,
            Topics.DELIVERIES_DEAD_LETTERS,
            Topics.TASKS_DEAD_LETTERS,
            Topics.PR_SANDBOXES_DEAD_LETTERS));
  }

  @Bean
  ReadinessCheck databaseReadiness(@Qualifier(SCHEMA) ServiceSchema schema) {
    return schema.readiness();
  }
}
