package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.observability.ReadinessCheck;
import dev.slipway.pipeline.observability.ReadinessCheck.Finding;
import dev.slipway.pipeline.observability.ReadinessCheck.Part;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What a service with stages imports: settings and readiness.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StageProperties.class)
public class StageConfiguration {
  @Bean
  Stages stages(ObjectProvider<StageRunner<?, ?, ?>> stages) {
    return new Stages(stages.stream().toList());
  }

  @Bean
  ReadinessCheck stagesReadiness(ObjectProvider<StageRunner<?, ?, ?>> stages) {
    List<StageRunner<?, ?, ?>> all = stages.stream().toList();
    return ReadinessCheck.of(
        Part.STAGES, () -> Finding.worstOf(all.stream().map(StageRunner::finding).toList()));
  }
}
