package dev.slipway.web.security;

import dev.slipway.pipeline.security.SecretConfiguration;
import dev.slipway.pipeline.security.SecretReferences;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.oauth2.server.resource.authentication.JwtReactiveAuthenticationManager;

/// Tokens, tenants and secrets of the process.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SecurityProperties.class, TenantsProperties.class})
@Import(SecretConfiguration.class)
public class SecurityConfiguration {

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
