package dev.slipway.web.admin;

import dev.slipway.pipeline.stage.Stages;
import dev.slipway.web.IdempotentRequests;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What a service with stages imports for its operators.
@Configuration(proxyBeanMethods = false)
public class AdminConfiguration {
  @Bean
  StageController stageController(Stages stages, IdempotentRequests requests) {
    return new StageController(stages, requests);
  }

  @Bean
  DeadLetterController deadLetterController(Stages stages, IdempotentRequests requests) {
    return new DeadLetterController(stages, requests);
  }
}
