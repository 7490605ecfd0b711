package dev.slipway.web.github;

import dev.slipway.web.security.Tenants;
import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The way to GitHub, one for all services of a process.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GitHubProperties.class)
public class GitHubConfiguration {
  @Bean
  GitHubApi gitHubApi(GitHubProperties properties, Tenants tenants) {
    return GitHubApi.open(properties, tenants, Clock.systemUTC());
  }
}
