package dev.slipway.web.security;

import dev.slipway.pipeline.security.InvalidSettingException;
import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Whose tokens are accepted: those of the local keys or those of one OIDC issuer, never both.
///
/// @param jwtKeys file of local signing keys ([JwtKeys]); their tokens carry [JwtKeys#ISSUER] and
///   [JwtKeys#AUDIENCE]
/// @param oidcIssuer issuer whose discovery document is read with the first token, so that the
///   service starts without it; its tokens must carry exactly this `iss`
/// @param audience what an OIDC token's `aud` must contain: without it, a token that the issuer
///   made for another application would open this one
/// @param acceptPlainJwt also accept `typ: JWT`, for issuers that do not speak RFC 9068; their ID
///   tokens then pass too when they carry the audience
/// @param maxTokenLife how long a token of the local keys may live, from `iat` to `exp`: one that
///   leaks is good for as long. What lives longer is refused, but for the one that
///   [JwtKeys#ownerToken] made. Tokens of an OIDC issuer live as long as the issuer says
/// @param clockSkew how far the issuer's clock may be off; more keeps expired tokens alive
@ConfigurationProperties(prefix = "slipway.security", ignoreUnknownFields = false)
@Validated
record SecurityProperties(
    @Nullable Path jwtKeys,
    @Nullable URI oidcIssuer,
    @DefaultValue("slipway") @NotBlank String audience,
    @DefaultValue("false") boolean acceptPlainJwt,
    @DefaultValue(JwtKeys.MAX_LIFE) @DurationMin(minutes = 1) @DurationMax(days = 366)
        Duration maxTokenLife,
    @DefaultValue("30s") @DurationMin(seconds = 0) @DurationMax(minutes = 5) Duration clockSkew) {
  SecurityProperties {
    if (jwtKeys != null && oidcIssuer != null) {
      throw new InvalidSettingException(
          "both slipway.security.jwt-keys (SLIPWAY_JWT_KEYS) and slipway.security.oidc-issuer"
              + " (SLIPWAY_OIDC_ISSUER) are set: keep one of them");
    }
  }
}
