package dev.slipway.pr.opening;

import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.live.CursorSource;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.operation.OperationWorker;
import dev.slipway.pipeline.operation.WorkerProperties;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pr.github.GitHub;
import dev.slipway.pr.github.RepositoryRule;
import dev.slipway.pr.observation.ObservationCodec;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.github.Delivery;
import dev.slipway.web.IdempotentRequests;
import dev.slipway.web.github.GitHubProperties;
import dev.slipway.web.security.AccessRule;
import dev.slipway.web.security.Scope;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Beans of the opening of pull requests.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({OpeningProperties.class, WorkerProperties.class})
public class OpeningConfiguration {
  /// What a call may take besides its own time-out, such as a token that is asked for anew.
  private static final Duration MARGIN = Duration.ofSeconds(20);

  @Bean
  AccessRule openingAccess() {
    return AccessRule.needs(Scope.TASKS, "/api/v1/github/**");
  }

  @Bean
  ObservationCodec observationCodec(KafkaClients clients) {
    var serializer = new AvroSerializer<Delivery>();
    serializer.configure(clients.serde(), false);
    return new ObservationCodec(serializer, clients.topicNames().of(Topics.GITHUB_DELIVERIES));
  }

  @Bean
  StageRunner<HeadState, HeadInput, HeadEvent> openingStage(
      @Qualifier("pr") ServiceSchema schema,
      ObservationCodec observations,
      KafkaClients clients,
      StageProperties properties,
      MeterRegistry meters,
      Traces traces) {
    return new StageRunner<>(
        HeadStage.of(observations), schema, clients, properties, meters, traces, Clock.systemUTC());
  }

  @Bean
  OperationWorker<HeadInput> openingWorker(
      StageRunner<HeadState, HeadInput, HeadEvent> stage,
      GitHub gitHub,
      GitHubProperties gitHubProperties,
      OpeningProperties properties,
      WorkerProperties workers,
      StageProperties stages) {
    String instance = stages.membership().instanceId();
    return new OperationWorker<>(
        stage,
        instance == null ? "pr-service" : instance,
        new OpeningAct(gitHub, gitHubProperties.client().requestTimeout().plus(MARGIN)),
        workers.atOnce(properties.concurrency()),
        Clock.systemUTC());
  }

  @Bean
  OpeningController openingController(
      StageRunner<HeadState, HeadInput, HeadEvent> stage,
      IdempotentRequests requests,
      RepositoryRule repositories,
      CursorSource cursors,
      TaskOpeningRequests tasks) {
    return new OpeningController(stage, requests, repositories, cursors, tasks);
  }
}
