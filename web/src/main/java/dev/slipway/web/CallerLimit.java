package dev.slipway.web;

import dev.slipway.web.security.Caller;
import java.time.Duration;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Bounds how often one caller calls. Runs after authentication, so that a forged token spends
/// nobody's allowance; open paths have no caller and no limit here.
final class CallerLimit implements WebFilter {
  private static final int MAX_CALLERS = 10_000;

  private final RateLimiter<Who> limiter;

  CallerLimit(int requestsPerSecond) {
    this.limiter = new RateLimiter<>(requestsPerSecond, Duration.ofSeconds(1), MAX_CALLERS);
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return ReactiveSecurityContextHolder.getContext()
        .mapNotNull(SecurityContext::getAuthentication)
        .mapNotNull(Authentication::getPrincipal)
        .ofType(Caller.class)
        .map(caller -> limiter.take(new Who(caller.tenant(), caller.subject())))
        .defaultIfEmpty(Duration.ZERO)
        .flatMap(wait ->
            wait.isZero()
                ? chain.filter(exchange)
                : Mono.error(
                    new ApiException(ErrorCode.RATE_LIMITED, "You call more often than is allowed.")
                        .retryAfter(wait)));
  }

  private record Who(String tenant, String subject) {}
}
