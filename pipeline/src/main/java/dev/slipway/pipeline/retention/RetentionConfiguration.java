package dev.slipway.pipeline.retention;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What a service imports that deletes what is old: settings, and who does it.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RetentionProperties.class)
public class RetentionConfiguration {
  @Bean
  Retention retention(ObjectProvider<Pruning> prunings, RetentionProperties properties) {
    return new Retention(prunings.stream().toList(), properties.interval());
  }
}
