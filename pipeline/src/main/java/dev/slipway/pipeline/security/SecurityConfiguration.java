package dev.slipway.pipeline.security;

import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.oauth2.server.resource.authentication.JwtReactiveAuthenticationManager;

/// Tokens, tenants and secrets of the process.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SecurityProperties.class, TenantsProperties.class})
public class SecurityConfiguration {

  // Read by hand: it has to be there before the first record of properties is bound.
  @Bean
  static SecretReferences secretReferences(Environment environment) {
    @Nullable String directory = environment.getProperty("slipway.secrets.directory");
    return new SecretReferences(System.getenv(), directory == null ? null : Path.of(directory));
  }

  @Bean
  static SecretConverter secretConverter(SecretReferences references) {
    return new SecretConverter(references);
  }

  @Bean
  Tenants tenants(TenantsProperties properties, SecretReferences references) {
    Path file = properties.file();
    return file == null ? Tenants.none() : TenantsFile.load(file, references);
  }

  @Bean
  ReactiveAuthenticationManager tokens(SecurityProperties properties) {
    return tokens(properties, Clock.systemUTC());
  }

  static ReactiveAuthenticationManager tokens(SecurityProperties properties, InstantSource clock) {
    JwtReactiveAuthenticationManager manager =
        new JwtReactiveAuthenticationManager(TokenDecoders.of(properties, clock));
    manager.setJwtAuthenticationConverter(new CallerConverter());
    return manager;
  }
}
