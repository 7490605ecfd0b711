package dev.slipway.notifier.router;

import dev.slipway.pipeline.avro.AvroDeserializer;
import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.avro.ContextDeserializer;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.TopicUse;
import dev.slipway.pipeline.publish.Publisher;
import dev.slipway.pipeline.publish.PublisherConfiguration;
import dev.slipway.pipeline.publish.PublisherProperties;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.notification.Notification;
import dev.slipway.schemas.pullrequest.PullRequestEvent;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// Beans of the router.
@Configuration(proxyBeanMethods = false)
@Import(PublisherConfiguration.class)
@EnableConfigurationProperties({RouterProperties.class, StageProperties.class})
public class RouterConfiguration {
  @Bean
  TopicUse routerTopicUse() {
    return new TopicUse(
        List.of(Topics.PULL_REQUEST_EVENTS, Topics.NOTIFICATIONS, Topics.NOTIFIER_PROGRESS),
        List.of());
  }

  @Bean
  PullRequestEventCodec pullRequestEventCodec(KafkaClients clients) {
    var deserializer = new AvroDeserializer<PullRequestEvent>();
    deserializer.configure(clients.serde(), false);
    return new PullRequestEventCodec(deserializer);
  }

  @Bean
  NotificationCodec notificationCodec(KafkaClients clients) {
    var serializer = new AvroSerializer<Notification>();
    serializer.configure(clients.serde(), false);
    var contexts = new ContextDeserializer();
    contexts.configure(clients.serde(), false);
    return new NotificationCodec(
        clients.topicNames().of(Topics.NOTIFICATIONS), serializer, contexts);
  }

  @Bean
  Publisher eventRouter(
      KafkaClients clients,
      List<EventCodec> codecs,
      NotificationCodec notifications,
      PublisherProperties limits,
      RouterProperties properties,
      StageProperties stages,
      DiskSpace disk,
      MeterRegistry meters) {
    var metrics = new RouterMetrics(meters);
    var router =
        new EventRouter(
            clients,
            codecs,
            new EventRenderer(notifications, metrics),
            metrics,
            new EventRouter.Limits(limits.maxRecords(), limits.maxBytes(), properties),
            disk);
    return new Publisher(router, clients, stages.membership(), limits, meters);
  }
}
