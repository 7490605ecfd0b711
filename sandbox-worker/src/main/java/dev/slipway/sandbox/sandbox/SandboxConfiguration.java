package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.avro.AvroDeserializer;
import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.core.BranchPrefix;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.live.CursorSource;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.security.TenantSecrets;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.sandbox.SandboxCommand;
import dev.slipway.web.IdempotentRequests;
import dev.slipway.web.security.AccessRule;
import dev.slipway.web.security.Scope;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/// Beans of the sandboxes feature.
@Configuration(proxyBeanMethods = false)
public class SandboxConfiguration {
  @Bean
  AccessRule sandboxAccess() {
    return AccessRule.needs(Scope.SANDBOXES, "/api/v1/sandboxes/**", "/api/v1/operations/**");
  }

  /// For calls of requests that wait: a virtual thread each. No other feature gets it by accident.
  @Bean(destroyMethod = "dispose", defaultCandidate = false)
  @Qualifier("sandbox-calls")
  Scheduler sandboxCalls() {
    return Schedulers.fromExecutorService(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("sandbox-calls-", 0).factory()));
  }

  @Bean
  StageRunner<SandboxState, SandboxInput, SandboxEvent> sandboxStage(
      @Qualifier("sandbox") ServiceSchema schema,
      KafkaClients clients,
      StageProperties properties,
      MeterRegistry meters,
      Traces traces,
      RepositoryRule repositories,
      @Qualifier("sandbox") BranchPrefix tasks) {
    var commands = new AvroDeserializer<SandboxCommand>();
    commands.configure(clients.serde(), false);
    var recorded = new AvroDeserializer<dev.slipway.schemas.sandbox.SandboxEvent>();
    recorded.configure(clients.serde(), false);
    return new StageRunner<>(
        SandboxStage.of(
            new SandboxCommandCodec(commands, repositories, tasks),
            events(clients),
            new SandboxRecordCodec(recorded)),
        schema,
        clients,
        properties,
        meters,
        traces,
        Clock.systemUTC());
  }

  private static SandboxEventCodec events(KafkaClients clients) {
    var events = new AvroSerializer<dev.slipway.schemas.sandbox.SandboxEvent>();
    events.configure(clients.serde(), false);
    var commands = new AvroSerializer<SandboxCommand>();
    commands.configure(clients.serde(), false);
    return new SandboxEventCodec(
        events,
        commands,
        clients.topicNames().of(Topics.SANDBOX_EVENTS),
        clients.topicNames().of(Topics.SANDBOX_COMMANDS));
  }

  @Bean
  SandboxRequests sandboxRequests(
      StageRunner<SandboxState, SandboxInput, SandboxEvent> stage,
      IdempotentRequests requests,
      TenantSecrets secrets,
      @Qualifier("sandbox-calls") Scheduler blocking) {
    return new SandboxRequests(stage, requests, secrets, blocking);
  }

  @Bean
  SandboxController sandboxController(SandboxRequests sandboxes, CursorSource cursors) {
    return new SandboxController(sandboxes, cursors, Clock.systemUTC());
  }

  @Bean
  OperationRequests operationRequests(
      SandboxRequests sandboxes, @Qualifier("sandbox") BranchPrefix tasks) {
    return new OperationRequests(sandboxes, tasks);
  }

  @Bean
  OperationController operationController(
      SandboxRequests sandboxes, OperationRequests operations, CursorSource cursors) {
    return new OperationController(sandboxes, operations, cursors);
  }

  @Bean
  SandboxNotificationCodec sandboxNotifications(KafkaClients clients) {
    var deserializer = new AvroDeserializer<dev.slipway.schemas.sandbox.SandboxEvent>();
    deserializer.configure(clients.serde(), false);
    return new SandboxNotificationCodec(deserializer);
  }
}
