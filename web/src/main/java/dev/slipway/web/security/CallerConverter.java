package dev.slipway.web.security;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import reactor.core.publisher.Mono;

/// Reads the [Caller] out of a verified token: claims `tenant`, `sub` and `scope` (space-separated,
/// RFC 8693 §4.2; scopes of other systems are passed over).
final class CallerConverter implements Converter<Jwt, Mono<AbstractAuthenticationToken>> {
  static final String TENANT = "tenant";
  static final String SCOPE = "scope";

  @Override
  public Mono<AbstractAuthenticationToken> convert(Jwt token) {
    Instant expiresAt = token.getExpiresAt();
    if (expiresAt == null) {
      throw new InvalidBearerTokenException("claim exp is required");
    }
    return Mono.just(new CallerAuthentication(caller(token), expiresAt));
  }

  private static Caller caller(Jwt token) {
    if (!(token.getClaims().get(TENANT) instanceof String tenant)
        || !(token.getClaims().get("sub") instanceof String subject)) {
      throw new InvalidBearerTokenException("claims tenant and sub are required");
    }
    String scopes = token.getClaims().get(SCOPE) instanceof String text ? text : "";
    try {
      return new Caller(
          tenant,
          subject,
          Arrays.stream(scopes.split(" "))
              .map(Scope::parse)
              .flatMap(Optional::stream)
              .collect(Collectors.toUnmodifiableSet()));
    } catch (IllegalArgumentException e) {
      throw new InvalidBearerTokenException("claim tenant or sub is malformed", e);
    }
  }
}
