package dev.slipway.pipeline.replay;

import dev.slipway.pipeline.stage.StageRunner;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What a service with stages imports so that operators can replay.
@Configuration(proxyBeanMethods = false)
public class ReplayConfiguration {
  @Bean
  ReplayRunners replayRunners(ObjectProvider<StageRunner<?, ?, ?>> stages) {
    List<StageRunner<?, ?, ?>> all = stages.stream().toList();
    return ReplayRunners.of(all, Clock.systemUTC());
  }
}
