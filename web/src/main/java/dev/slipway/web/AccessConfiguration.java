package dev.slipway.web;

import dev.slipway.web.security.AccessRule;
import dev.slipway.web.security.Caller;
import dev.slipway.web.security.Scope;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.AuthorizeExchangeSpec;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.security.web.server.savedrequest.NoOpServerRequestCache;
import org.springframework.security.web.server.util.matcher.OrServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.PathPatternParserServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher.MatchResult;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Applies the [AccessRule]s. Every request shows its own bearer token: there is no session, no
/// cookie, no form, and so nothing that a foreign page could ride on (CSRF).
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

  @Bean
  AccessRule adminAccess() {
    // stages, replays and rebuilds work on the log of all tenants
    return AccessRule.needsOperator(Scope.ADMIN, "/api/v1/admin/**");
  }

  /// Open paths pass no filter at all: what a webhook costs is what its controller costs.
  @Bean
  @Order(0)
  SecurityWebFilterChain open(List<AccessRule> rules) {
    List<ServerWebExchangeMatcher> open =
        rules.stream()
            .filter(rule -> rule.scope() == null)
            .flatMap(rule -> rule.paths().stream())
            .<ServerWebExchangeMatcher>map(PathPatternParserServerWebExchangeMatcher::new)
            .toList();
    return new Unfiltered(new OrServerWebExchangeMatcher(open));
  }

  @Bean
  @Order(1)
  SecurityWebFilterChain access(
      ServerHttpSecurity http, ReactiveAuthenticationManager tokens, List<AccessRule> rules) {
    return http.csrf(ServerHttpSecurity.CsrfSpec::disable)
        .headers(ServerHttpSecurity.HeaderSpec::disable) // SecurityHeaders
        .cors(ServerHttpSecurity.CorsSpec::disable) // CrossOrigin
        .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
        .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
        .logout(ServerHttpSecurity.LogoutSpec::disable)
        .requestCache(cache -> cache.requestCache(NoOpServerRequestCache.getInstance()))
        .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
        .oauth2ResourceServer(bearer ->
            bearer
                .authenticationManagerResolver(_ -> Mono.just(tokens))
                .authenticationEntryPoint((_, failure) -> Mono.error(failure))
                .accessDeniedHandler((_, failure) -> Mono.error(failure)))
        .exceptionHandling(errors ->
            errors
                .authenticationEntryPoint((_, failure) -> Mono.error(failure))
                .accessDeniedHandler((_, failure) -> Mono.error(failure)))
        .authorizeExchange(exchanges -> apply(rules, exchanges))
        .build();
  }

  /// No span and no metric for each filter: the request's own tell enough.
  @Bean
  SecurityObservationSettings noObservations() {
    return SecurityObservationSettings.noObservations();
  }

  /// What Spring Security's firewall refuses: encoded slashes, `..`, control characters.
  @Bean
  ServerExchangeRejectedHandler malformedPath() {
    return (_, _) ->
        Mono.error(
            new ApiException(ErrorCode.MALFORMED, "The request line or a header is malformed."));
  }

  /// Any method gets to its path, which says by 405 which ones it takes.
  @Bean
  ServerWebExchangeFirewall anyMethod() {
    StrictServerWebExchangeFirewall firewall = new StrictServerWebExchangeFirewall();
    firewall.setUnsafeAllowAnyHttpMethod(true);
    return firewall;
  }

  private static void apply(List<AccessRule> rules, AuthorizeExchangeSpec exchanges) {
    for (AccessRule rule : rules) {
      Scope scope = rule.scope();
      if (scope != null) {
        exchanges
            .pathMatchers(rule.paths().toArray(String[]::new))
            .access(needs(scope, rule.operatorOnly()));
      }
    }
    exchanges.pathMatchers("/api/**").authenticated();
    exchanges.anyExchange().permitAll(); // 404: AccessRuleCheck sees that nothing else is there
  }

  private static ReactiveAuthorizationManager<AuthorizationContext> needs(
      Scope scope, boolean operatorOnly) {
    return (authentication, _) ->
        authentication
            .filter(Authentication::isAuthenticated)
            .mapNotNull(Authentication::getPrincipal)
            .ofType(Caller.class)
            .<AuthorizationResult>handle((caller, sink) -> {
              if (!caller.scopes().contains(scope)) {
                sink.error(insufficient(scope));
              } else if (operatorOnly && !caller.tenant().equals(Caller.DEFAULT_TENANT)) {
                sink.error(
                    new ApiException(
                        ErrorCode.FORBIDDEN,
                        "This is about all tenants: it needs a token of the tenant default."));
              } else {
                sink.next(new AuthorizationDecision(true));
              }
            })
            .defaultIfEmpty(new AuthorizationDecision(false));
  }

  private static ApiException insufficient(Scope scope) {
    return new ApiException(
            ErrorCode.FORBIDDEN, "This needs a token with the scope " + scope.value() + ".")
        .with(
            "WWW-Authenticate",
            "Bearer realm=\"slipway\", error=\"insufficient_scope\", scope=\""
                + scope.value()
                + "\"");
  }

  private record Unfiltered(ServerWebExchangeMatcher paths) implements SecurityWebFilterChain {
    @Override
    public Mono<Boolean> matches(ServerWebExchange exchange) {
      return paths.matches(exchange).map(MatchResult::isMatch);
    }

    @Override
    public Flux<WebFilter> getWebFilters() {
      return Flux.empty();
    }
  }
}
