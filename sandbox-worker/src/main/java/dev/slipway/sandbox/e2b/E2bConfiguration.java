package dev.slipway.sandbox.e2b;

import dev.slipway.sandbox.provider.SandboxProvider;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// E2B as the provider of sandboxes.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(E2bProperties.class)
public class E2bConfiguration {
  @Bean(destroyMethod = "close")
  SandboxProvider sandboxProvider(E2bProperties properties) {
    return E2bSandboxes.open(properties, Clock.systemUTC());
  }
}
