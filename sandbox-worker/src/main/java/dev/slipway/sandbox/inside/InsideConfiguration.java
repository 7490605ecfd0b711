package dev.slipway.sandbox.inside;

import dev.slipway.sandbox.provider.SandboxProvider;
import dev.slipway.sandbox.sandbox.SandboxRequests;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;

/// Beans of what is seen inside of sandboxes.
@Configuration(proxyBeanMethods = false)
public class InsideConfiguration {
  @Bean
  Inside inside(
      SandboxRequests sandboxes,
      SandboxProvider provider,
      @Qualifier("sandbox-calls") Scheduler blocking) {
    return new Inside(sandboxes, provider, blocking);
  }

  @Bean
  FileController fileController(Inside inside, @Qualifier("sandbox-calls") Scheduler blocking) {
    return new FileController(inside, blocking);
  }

  @Bean
  MetricsController metricsController(Inside inside) {
    return new MetricsController(inside);
  }
}
