package dev.slipway.web.security;

import dev.slipway.pipeline.security.SecretConfiguration;
import dev.slipway.pipeline.security.SecretReferences;
import java.nio.file.Path;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// Tenants, for services and for jobs that work with what a service works with.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TenantsProperties.class)
@Import(SecretConfiguration.class)
public class TenantsConfiguration {
  @Bean
  Tenants tenants(TenantsProperties properties, SecretReferences references) {
    Path file = properties.file();
    return file == null ? Tenants.none() : TenantsFile.load(file, references);
  }
}
