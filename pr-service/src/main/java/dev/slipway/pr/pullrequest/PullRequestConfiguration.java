package dev.slipway.pr.pullrequest;

import dev.slipway.pipeline.avro.AvroDeserializer;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.live.CursorSource;
import dev.slipway.pipeline.retention.AgedRows;
import dev.slipway.pipeline.retention.Pruning;
import dev.slipway.pipeline.retention.RetentionProperties;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.schemas.pullrequest.PullRequestEvent;
import dev.slipway.web.security.AccessRule;
import dev.slipway.web.security.Scope;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Beans of the pull-requests feature.
@Configuration(proxyBeanMethods = false)
public class PullRequestConfiguration {
  @Bean
  Pruning timelinePruning(RetentionProperties retention, @Qualifier("pr") ServiceSchema schema) {
    return AgedRows.of(
        schema.database(), "pull_request_event", "at", retention.timeline(), retention.rows());
  }

  @Bean
  AccessRule pullRequestAccess() {
    return AccessRule.needs(Scope.TASKS, "/api/v1/pull-requests/**");
  }

  @Bean
  PullRequestController pullRequestController(
      @Qualifier("pr") ServiceSchema schema, CursorSource cursors) {
    return new PullRequestController(schema.database(), cursors);
  }

  @Bean
  PullRequestNotificationCodec pullRequestNotifications(KafkaClients clients) {
    var deserializer = new AvroDeserializer<PullRequestEvent>();
    deserializer.configure(clients.serde(), false);
    return new PullRequestNotificationCodec(deserializer);
  }
}
