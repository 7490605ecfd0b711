package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.observability.ReadinessCheck;
import dev.slipway.pipeline.web.IdempotentRequests;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/// What a service with stages imports: settings, admin routes, readiness.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StageProperties.class)
public class StageConfiguration {
  @Bean
  Stages stages(ObjectProvider<StageRunner<?, ?, ?, ?>> stages) {
    return new Stages(stages.stream().toList());
  }

  @Bean
  StageController stageController(Stages stages, IdempotentRequests requests) {
    return new StageController(stages, requests);
  }

  @Bean
  RebuildController rebuildController(Stages stages, IdempotentRequests requests) {
    return new RebuildController(stages, requests);
  }

  @Bean(destroyMethod = "close")
  KafkaReadiness kafkaReadiness(KafkaClients clients) {
    return new KafkaReadiness(clients.admin("stages-readiness"));
  }

  @Bean
  ReadinessCheck stagesReadiness(ObjectProvider<StageRunner<?, ?, ?, ?>> stages) {
    List<StageRunner<?, ?, ?, ?>> all = stages.stream().toList();
    return new ReadinessCheck() {
      @Override
      public Part part() {
        return Part.STAGES;
      }

      // A stage that waits is as ready as what it waits for, which other checks tell.
      @Override
      public Mono<Boolean> isUp() {
        return Mono.fromSupplier(() ->
            all.stream()
                .map(StageRunner::health)
                .allMatch(
                    health -> health == StageHealth.RUNNING || health == StageHealth.WAITING));
      }
    };
  }
}
