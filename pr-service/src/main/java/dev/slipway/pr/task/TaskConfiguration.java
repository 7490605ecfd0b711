package dev.slipway.pr.task;

import dev.slipway.pipeline.avro.AvroDeserializer;
import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.pipeline.operation.OperationWorker;
import dev.slipway.pipeline.operation.WorkerProperties;
import dev.slipway.pipeline.retention.AgedRows;
import dev.slipway.pipeline.retention.Pruning;
import dev.slipway.pipeline.retention.RetentionProperties;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pr.github.GitHub;
import dev.slipway.pr.github.RepositoryRule;
import dev.slipway.pr.observation.ObservationCodec;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.pullrequest.PullRequestEvent;
import dev.slipway.schemas.sandbox.SandboxCommand;
import dev.slipway.schemas.sandbox.SandboxEvent;
import dev.slipway.schemas.task.TaskCommand;
import dev.slipway.web.github.GitHubProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Beans of tasks.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  TaskProperties.class,
  TaskBranchProperties.class,
  WorkerProperties.class
})
public class TaskConfiguration {
  /// What a call may take besides its own time-out, such as a token that is asked for anew.
  private static final Duration MARGIN = Duration.ofSeconds(20);

  @Bean
  Pruning storyPruning(RetentionProperties retention, @Qualifier("pr") ServiceSchema schema) {
    return AgedRows.of(
        schema.database(), "task_event", "at", retention.timeline(), retention.rows());
  }

  @Bean
  StageRunner<TaskState, TaskInput, TaskEvent> taskStage(
      @Qualifier("pr") ServiceSchema schema,
      RepositoryRule repositories,
      ObservationCodec observations,
      TaskProperties tasks,
      TaskBranchProperties branches,
      KafkaClients clients,
      StageProperties properties,
      MeterRegistry meters,
      Traces traces) {
    return new StageRunner<>(
        TaskStage.of(
            tasks.rules(branches.branchPrefix()),
            tasks.deadlines(),
            codecs(clients, repositories, observations)),
        schema,
        clients,
        properties,
        meters,
        traces,
        Clock.systemUTC());
  }

  private static TaskStage.Codecs codecs(
      KafkaClients clients, RepositoryRule repositories, ObservationCodec observations) {
    return new TaskStage.Codecs(
        new TaskCommandCodec(TaskConfiguration.<TaskCommand>reading(clients), repositories),
        new TaskSandboxCodec(TaskConfiguration.<SandboxEvent>reading(clients)),
        new TaskPullRequestCodec(TaskConfiguration.<PullRequestEvent>reading(clients)),
        new TaskEventCodec(
            writing(clients),
            writing(clients),
            clients.topicNames().of(Topics.TASK_EVENTS),
            clients.topicNames().of(Topics.TASK_COMMANDS)),
        new TaskRecordCodec(reading(clients)),
        new SandboxWishCodec(
            TaskConfiguration.<SandboxCommand>writing(clients),
            clients.topicNames().of(Topics.SANDBOX_COMMANDS)),
        observations);
  }

  private static <T extends SpecificRecord> AvroDeserializer<T> reading(KafkaClients clients) {
    var deserializer = new AvroDeserializer<T>();
    deserializer.configure(clients.serde(), false);
    return deserializer;
  }

  private static <T extends SpecificRecord> AvroSerializer<T> writing(KafkaClients clients) {
    var serializer = new AvroSerializer<T>();
    serializer.configure(clients.serde(), false);
    return serializer;
  }

  @Bean
  OperationWorker<TaskInput> taskWorker(
      StageRunner<TaskState, TaskInput, TaskEvent> stage,
      GitHub gitHub,
      GitHubProperties gitHubProperties,
      TaskProperties properties,
      WorkerProperties workers,
      StageProperties stages) {
    String instance = stages.membership().instanceId();
    return new OperationWorker<>(
        stage,
        instance == null ? "pr-service" : instance,
        new TaskAct(gitHub, gitHubProperties.client().requestTimeout().plus(MARGIN)),
        workers.atOnce(properties.concurrency()),
        Clock.systemUTC());
  }

  @Bean
  TaskNotificationCodec taskNotifications(KafkaClients clients) {
    return new TaskNotificationCodec(reading(clients));
  }
}
