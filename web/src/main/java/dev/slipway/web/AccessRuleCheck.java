package dev.slipway.web;

import dev.slipway.web.security.AccessRule;
import java.util.List;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.http.server.PathContainer;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/// INVARIANT: every controller's path is under `/api` or named by a rule. What neither holds for
/// would be open to everybody because somebody forgot it, so the service does not start.
final class AccessRuleCheck implements SmartInitializingSingleton {
  private static final String API = "/api/";

  private final RequestMappingHandlerMapping controllers;
  private final List<AccessRule> rules;

  AccessRuleCheck(RequestMappingHandlerMapping controllers, List<AccessRule> rules) {
    this.controllers = controllers;
    this.rules = rules;
  }

  @Override
  public void afterSingletonsInstantiated() {
    List<PathPattern> named =
        rules.stream()
            .flatMap(rule -> rule.paths().stream())
            .map(PathPatternParser.defaultInstance::parse)
            .toList();
    controllers.getHandlerMethods().keySet().stream()
        .flatMap(mapping -> mapping.getPatternsCondition().getPatterns().stream())
        .map(PathPattern::getPatternString)
        .filter(path -> !path.startsWith(API))
        .filter(path -> !isNamed(named, path))
        .findFirst()
        .ifPresent(path -> {
          throw new IllegalStateException(
              "no AccessRule names " + path + ": contribute one, open or with a scope");
        });
  }

  private static boolean isNamed(List<PathPattern> named, String path) {
    PathContainer example = PathContainer.parsePath(path);
    return named.stream().anyMatch(pattern -> pattern.matches(example));
  }
}
