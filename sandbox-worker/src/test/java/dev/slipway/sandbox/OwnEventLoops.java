package dev.slipway.sandbox;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

/// For one that ends while another goes on in the same process, or goes on while others end: those
/// that all share end with the first.
@Configuration(proxyBeanMethods = false)
class OwnEventLoops {
  @Bean
  ReactorResourceFactory ownEventLoops() {
    ReactorResourceFactory resources = new ReactorResourceFactory();
    resources.setUseGlobalResources(false);
    resources.setShutdownQuietPeriod(Duration.ZERO);
    return resources;
  }
}
