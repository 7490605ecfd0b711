package dev.slipway.pr.sandbox;

import dev.slipway.pipeline.avro.AvroDeserializer;
import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.pullrequest.PullRequestEvent;
import dev.slipway.schemas.sandbox.SandboxCommand;
import dev.slipway.schemas.sandbox.SandboxEvent;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Beans of the feature that finds the sandboxes of pull requests.
@Configuration(proxyBeanMethods = false)
public class SandboxConfiguration {
  @Bean
  StageRunner<?, ?, ?> pullRequestSandboxStage(
      @Qualifier("pr") ServiceSchema schema,
      KafkaClients clients,
      StageProperties properties,
      MeterRegistry meters,
      Traces traces) {
    var sandboxes = new AvroDeserializer<SandboxEvent>();
    sandboxes.configure(clients.serde(), false);
    var pullRequests = new AvroDeserializer<PullRequestEvent>();
    pullRequests.configure(clients.serde(), false);
    var commands = new AvroSerializer<SandboxCommand>();
    commands.configure(clients.serde(), false);
    return new StageRunner<>(
        SandboxStage.of(
            new SandboxRecordCodec(sandboxes),
            new SeenCodec(pullRequests),
            new LinkPullRequestCodec(commands, clients.topicNames().of(Topics.SANDBOX_COMMANDS))),
        schema,
        clients,
        properties,
        meters,
        traces,
        Clock.systemUTC());
  }
}
