package dev.slipway.sandbox.provider;

import dev.slipway.sandbox.SandboxWorkerConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// A sandbox worker whose provider is a [FakeProvider].
@Configuration(proxyBeanMethods = false)
@Import(SandboxWorkerConfiguration.class)
public class WithFakeProvider {
  @Bean
  FakeProvider provider() {
    return new FakeProvider();
  }
}
