package dev.slipway.pr.github;

import dev.slipway.pipeline.stage.ServiceSchema;
import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.github.GitHubConfiguration;
import dev.slipway.web.github.GitHubProperties;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// Beans of what is said to GitHub.
@Configuration(proxyBeanMethods = false)
@Import(GitHubConfiguration.class)
public class GitHubClientConfiguration {
  @Bean
  BudgetStore budgetStore(GitHubProperties properties, @Qualifier("pr") ServiceSchema schema) {
    return new BudgetStore(
        schema.database(), properties.budget(), properties.apiUrl().getAuthority());
  }

  @Bean
  GitHub gitHub(GitHubApi api, BudgetStore budget) {
    return GitHub.over(api, budget);
  }

  @Bean
  BudgetController budgetController(BudgetStore budget, GitHubProperties properties) {
    return new BudgetController(budget, properties);
  }

  @Bean
  RepositoryRule repositoryRule(GitHubApi api, GitHubProperties properties) {
    return new RepositoryRule(api.credentials(), properties);
  }
}
