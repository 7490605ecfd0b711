package dev.slipway.pipeline.security;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/// Secrets of the process.
@Configuration(proxyBeanMethods = false)
public class SecretConfiguration {

  // Read by hand: it has to be there before the first record of properties is bound.
  @Bean
  static SecretReferences secretReferences(Environment environment) {
    return new SecretReferences(System.getenv(), directory(environment));
  }

  @Bean
  static TenantSecrets tenantSecrets(Environment environment) {
    return new TenantSecrets(directory(environment));
  }

  private static @Nullable Path directory(Environment environment) {
    String directory = environment.getProperty("slipway.secrets.directory");
    return directory == null ? null : Path.of(directory);
  }

  @Bean
  static SecretConverter secretConverter(SecretReferences references) {
    return new SecretConverter(references);
  }
}
