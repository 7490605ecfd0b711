package dev.slipway.web.security;

import com.nimbusds.jose.jwk.JWK;
import io.netty.channel.ChannelOption;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.MappedJwtClaimSetConverter;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;

/// What a token must be, beyond being signed by a known key with that key's algorithm:
///
/// | Part | Local keys | OIDC issuer |
/// |---|---|---|
/// | `alg` | ES256 | RS256, or what the issuer's keys say |
/// | `typ` | `at+jwt` | `at+jwt`, by setting also `JWT` |
/// | `iss` | [JwtKeys#ISSUER] | the issuer's URL |
/// | `aud` | contains [JwtKeys#AUDIENCE] | contains the setting |
/// | `exp` | required, not over | the same |
/// | `iat` | required, not to come; `exp` at most the longest life after it ([OwnTokenValidator]) | the issuer's business |
final class TokenDecoders {
  private static final Logger log = LoggerFactory.getLogger(TokenDecoders.class);

  private static final List<String> ACCESS_TOKEN = List.of("at+jwt", "application/at+jwt");
  private static final List<String> ANY_TOKEN = List.of("at+jwt", "application/at+jwt", "JWT");

  /// For one answer of the issuer, which a request waits for.
  private static final Duration ISSUER_TIMEOUT = Duration.ofSeconds(3);

  private static final MappedJwtClaimSetConverter CLAIMS =
      MappedJwtClaimSetConverter.withDefaults(Map.of());

  private TokenDecoders() {}

  static ReactiveJwtDecoder of(SecurityProperties properties, InstantSource clock) {
    if (properties.jwtKeys() != null) {
      return local(new JwtKeysFile(properties.jwtKeys()), properties, clock);
    }
    URI issuer = properties.oidcIssuer();
    if (issuer != null) {
      return oidc(issuer.toString(), properties);
    }
    log.atWarn()
        .log("no token is accepted: neither SLIPWAY_JWT_KEYS nor SLIPWAY_OIDC_ISSUER is set");
    return _ -> Mono.error(new BadJwtException("no token is accepted here"));
  }

  private static ReactiveJwtDecoder local(
      JwtKeysFile file, SecurityProperties properties, InstantSource clock) {
    NimbusReactiveJwtDecoder signatures =
        NimbusReactiveJwtDecoder.withJwkSource(_ -> verifying(file, clock))
            .jwsAlgorithm(SignatureAlgorithm.ES256)
            .validateType(false)
            .build();
    signatures.setClaimSetConverter(TokenDecoders::asSent);
    JwtTypeValidator type = new JwtTypeValidator(ACCESS_TOKEN);
    return verified(
        signatures,
        new DelegatingOAuth2TokenValidator<>(
            validator(JwtKeys.ISSUER, JwtKeys.AUDIENCE, type, properties.clockSkew()),
            new OwnTokenValidator(file, properties, clock)));
  }

  /// Looks at the file for each token that is not remembered: a look costs a thousandth of what the
  /// signature does.
  private static Flux<JWK> verifying(JwtKeysFile file, InstantSource clock) {
    return Mono.fromCallable(file::look)
        .subscribeOn(Schedulers.boundedElastic())
        .flatMapIterable(keys -> keys.verifying(clock.instant()));
  }

  /// Without the `iat` that the converter makes up for a token that has none.
  private static Map<String, Object> asSent(Map<String, Object> claims) {
    try {
      Map<String, Object> converted = new HashMap<>(CLAIMS.convert(claims));
      converted.keySet().retainAll(claims.keySet());
      return converted;
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new BadJwtException("a claim is of the wrong type", e);
    }
  }

  private static ReactiveJwtDecoder oidc(String issuer, SecurityProperties properties) {
    NimbusReactiveJwtDecoder signatures =
        NimbusReactiveJwtDecoder.withIssuerLocation(issuer)
            .webClient(toIssuer())
            .validateType(false)
            .build();
    JwtTypeValidator type =
        new JwtTypeValidator(properties.acceptPlainJwt() ? ANY_TOKEN : ACCESS_TOKEN);
    return verified(
        signatures, validator(issuer, properties.audience(), type, properties.clockSkew()));
  }

  private static WebClient toIssuer() {
    HttpClient http =
        HttpClient.create()
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) ISSUER_TIMEOUT.toMillis())
            .responseTimeout(ISSUER_TIMEOUT);
    return WebClient.builder()
        .clientConnector(new ReactorClientHttpConnector(http))
        .filter(new RecentAnswers())
        .build();
  }

  private static ReactiveJwtDecoder verified(
      NimbusReactiveJwtDecoder signatures, OAuth2TokenValidator<Jwt> claims) {
    signatures.setJwtValidator(_ -> OAuth2TokenValidatorResult.success());
    return new VerifiedTokens(signatures, claims);
  }

  private static OAuth2TokenValidator<Jwt> validator(
      String issuer, String audience, JwtTypeValidator type, Duration clockSkew) {
    return new DelegatingOAuth2TokenValidator<>(
        type,
        new JwtIssuerValidator(issuer),
        new JwtAudienceValidator(audience),
        // The timestamp validator passes a token that has no expiry at all.
        new JwtClaimValidator<Object>(JwtClaimNames.EXP, expiry -> expiry != null),
        new JwtTimestampValidator(clockSkew));
  }
}
