package dev.slipway.web.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;

/// Remembers for a minute which tokens had a good signature: checking one costs about half a
/// millisecond, and a client sends the same token with every request. The claims, expiry included,
/// are checked each time. When the issuer's keys cannot be had, the answer is [JwtException] itself
/// and none of its kinds that say that the token is bad.
final class VerifiedTokens implements ReactiveJwtDecoder {
  /// How long a key that an issuer withdrew may go on working.
  private static final Duration KEPT = Duration.ofMinutes(1);

  private static final int MAX_TOKENS = 1_000;

  private final ReactiveJwtDecoder signatures;
  private final OAuth2TokenValidator<Jwt> claims;
  private final Cache<String, Jwt> verified =
      Caffeine.newBuilder().maximumSize(MAX_TOKENS).expireAfterWrite(KEPT).build();

  /// @param signatures checks nothing but the signature
  VerifiedTokens(ReactiveJwtDecoder signatures, OAuth2TokenValidator<Jwt> claims) {
    this.signatures = signatures;
    this.claims = claims;
  }

  @Override
  public Mono<Jwt> decode(String token) {
    Jwt known = verified.getIfPresent(token);
    return known == null
        ? signatures
            .decode(token)
            .onErrorMap(
                IllegalStateException.class, e -> new JwtException("no keys to check with", e))
            .map(this::accept)
            .doOnNext(jwt -> verified.put(token, jwt))
        : Mono.fromSupplier(() -> accept(known));
  }

  private Jwt accept(Jwt token) {
    OAuth2TokenValidatorResult result = claims.validate(token);
    if (result.hasErrors()) {
      throw new JwtValidationException("claims not accepted", result.getErrors());
    }
    return token;
  }
}
