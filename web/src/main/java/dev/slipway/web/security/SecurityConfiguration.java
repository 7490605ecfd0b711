package dev.slipway.web.security;

import java.time.Clock;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.oauth2.server.resource.authentication.JwtReactiveAuthenticationManager;

/// Tokens and tenants of the process.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SecurityProperties.class)
@Import(TenantsConfiguration.class)
public class SecurityConfiguration {

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
