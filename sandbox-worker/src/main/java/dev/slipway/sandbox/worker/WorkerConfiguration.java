package dev.slipway.sandbox.worker;

import dev.slipway.pipeline.operation.OperationWorker;
import dev.slipway.pipeline.operation.WorkerProperties;
import dev.slipway.pipeline.security.TenantSecrets;
import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.pipeline.stage.StageProperties;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.sandbox.command.CommandProperties;
import dev.slipway.sandbox.command.RunCommandAct;
import dev.slipway.sandbox.git.GitActs;
import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.sandbox.sandbox.SandboxEvent;
import dev.slipway.sandbox.sandbox.SandboxInput;
import dev.slipway.sandbox.sandbox.SandboxRows;
import dev.slipway.sandbox.sandbox.SandboxState;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;

/// Beans of the workers.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({WorkerProperties.class, SandboxWorkerProperties.class})
public class WorkerConfiguration {
  /// Where nothing else is.
  @Bean
  @Fallback
  SandboxProvider missingProvider(SandboxWorkerProperties properties) {
    return new MissingProvider(properties.unavailable());
  }

  @Bean
  SandboxRows sandboxRows(@Qualifier("sandbox") ServiceSchema schema) {
    return new SandboxRows(schema.database());
  }

  @Bean
  OperationWorker<SandboxInput> sandboxOperations(
      StageRunner<SandboxState, SandboxInput, SandboxEvent> stage,
      SandboxProvider provider,
      SandboxRows rows,
      TenantSecrets secrets,
      RunCommandAct commands,
      GitActs git,
      CommandProperties output,
      SandboxWorkerProperties sandboxes,
      WorkerProperties worker,
      StageProperties stages) {
    var environments = new Environments(secrets);
    var acts =
        new SandboxActs(
            provider,
            new Maker(provider, rows.installation(), sandboxes.lifetime()),
            new CommandAct(provider, rows, environments, commands, output.outputLimit().toBytes()),
            new RepositoryAct(provider, rows, environments, git),
            environments,
            rows,
            sandboxes.lifetime());
    String instance = stages.membership().instanceId();
    return new OperationWorker<>(
        stage, instance == null ? "sandbox-worker" : instance, acts, worker, Clock.systemUTC());
  }

  @Bean
  Caretaker sandboxCaretaker(
      StageRunner<SandboxState, SandboxInput, SandboxEvent> stage,
      SandboxProvider provider,
      SandboxRows rows,
      SandboxWorkerProperties properties,
      WorkerProperties worker) {
    return new Caretaker(
        provider, stage, rows, properties, worker.concurrency() > 0, Clock.systemUTC());
  }
}
