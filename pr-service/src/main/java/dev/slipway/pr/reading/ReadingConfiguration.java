package dev.slipway.pr.reading;

import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.operation.OperationWorker;
import dev.slipway.pipeline.operation.WorkerProperties;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pr.github.GitHub;
import dev.slipway.pr.observation.ObservationCodec;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Beans of the readings feature.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ReadingProperties.class, WorkerProperties.class})
public class ReadingConfiguration {
  @Bean
  StageRunner<ReadingState, ReadingInput, ReadingEvent> readingStage(
      ObservationCodec observations,
      @Qualifier("pr") ServiceSchema schema,
      KafkaClients clients,
      StageProperties properties,
      MeterRegistry meters,
      Traces traces) {
    Clock clock = Clock.systemUTC();
    return new StageRunner<>(
        ReadingStage.of(observations, clock), schema, clients, properties, meters, traces, clock);
  }

  @Bean
  OperationWorker<ReadingInput> readingOperations(
      StageRunner<ReadingState, ReadingInput, ReadingEvent> readingStage,
      GitHub github,
      WorkerProperties worker,
      StageProperties stages) {
    String instance = stages.membership().instanceId();
    Clock clock = Clock.systemUTC();
    return new OperationWorker<>(
        readingStage,
        instance == null ? "pr-service" : instance,
        new ReadingWorker(github, clock),
        worker,
        clock);
  }

  @Bean
  ReadingRequests readingRequests(
      StageRunner<ReadingState, ReadingInput, ReadingEvent> readingStage,
      ReadingProperties properties) {
    return new ReadingRequests(readingStage, properties.look(), Clock.systemUTC());
  }
}
