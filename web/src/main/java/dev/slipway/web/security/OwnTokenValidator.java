package dev.slipway.web.security;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;

/// What a token of the local keys must be beyond being signed: no longer-lived than is allowed, and
/// of a key that still verifies, also when its signature is remembered ([VerifiedTokens]).
final class OwnTokenValidator implements OAuth2TokenValidator<Jwt> {
  private final JwtKeysFile file;
  private final SecurityProperties properties;
  private final InstantSource clock;

  OwnTokenValidator(JwtKeysFile file, SecurityProperties properties, InstantSource clock) {
    this.file = file;
    this.properties = properties;
    this.clock = clock;
  }

  @Override
  public OAuth2TokenValidatorResult validate(Jwt token) {
    Instant now = clock.instant();
    JwtKeys keys = file.last();
    if (token.getHeaders().get("kid") instanceof String keyId && !keys.verifies(keyId, now)) {
      return refused("its key verifies no more");
    }
    Instant issuedAt = token.getIssuedAt();
    Instant expiresAt = token.getExpiresAt();
    if (issuedAt == null || expiresAt == null) {
      return refused("claims iat and exp are required");
    }
    // else a long life could be split: not yet issued, and short from then on
    if (issuedAt.isAfter(now.plus(properties.clockSkew()))) {
      return refused("it is not yet issued");
    }
    return Duration.between(issuedAt, expiresAt).compareTo(properties.maxTokenLife()) <= 0
            || keys.isOwnerToken(token.getTokenValue())
        ? OAuth2TokenValidatorResult.success()
        : refused("it lives longer than is allowed");
  }

  private static OAuth2TokenValidatorResult refused(String why) {
    return OAuth2TokenValidatorResult.failure(
        Set.of(new OAuth2Error(OAuth2ErrorCodes.INVALID_TOKEN, why, null)));
  }
}
