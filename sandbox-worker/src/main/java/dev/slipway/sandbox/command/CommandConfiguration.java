package dev.slipway.sandbox.command;

import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.publish.StreamPublisher;
import dev.slipway.pipeline.publish.StreamPublishers;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.schemas.Ids;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;

/// Beans of the commands feature.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(CommandProperties.class)
public class CommandConfiguration {
  /// A process that is started again goes on under its own name; one without a name is nobody's
  /// again.
  @Bean
  StreamPublisher outputPublisher(StreamPublishers publishers, StageProperties stages) {
    String instance = stages.membership().instanceId();
    return publishers.named("output-" + (instance == null ? Ids.fresh().toString() : instance));
  }

  @Bean
  OutputCodec outputCodec(KafkaClients clients) {
    return new OutputCodec(clients, Clock.systemUTC());
  }

  @Bean
  OutputLog outputLog(KafkaClients clients, OutputCodec codec) {
    return new OutputLog(clients, codec);
  }

  @Bean
  RunCommandAct runCommandAct(
      KafkaClients clients,
      StreamPublisher publisher,
      OutputCodec codec,
      OutputLog log,
      CommandProperties properties) {
    return new RunCommandAct(clients, publisher, codec, log, properties);
  }

  @Bean
  OutputController outputController(
      @Qualifier("sandbox") ServiceSchema schema,
      OutputLog log,
      @Qualifier("sandbox-calls") Scheduler blocking) {
    return new OutputController(schema.database(), log, blocking);
  }
}
