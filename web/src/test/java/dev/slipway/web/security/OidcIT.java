package dev.slipway.web.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/// Tokens of an issuer that runs on this machine.
@Tag("slow")
class OidcIT {
  private static final String AUDIENCE = "https://slipway.example.com";

  private HttpServer server;
  private String issuer;
  private RSAKey key;
  private volatile boolean down;
  private final AtomicInteger fetches = new AtomicInteger();

  @BeforeEach
  void startIssuer() throws IOException, JOSEException {
    key =
        new RSAKeyGenerator(2048)
            .keyID("one")
            .keyUse(KeyUse.SIGNATURE)
            .algorithm(JWSAlgorithm.RS256)
            .generate();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer = "http://127.0.0.1:" + server.getAddress().getPort();
    server.createContext(
        "/.well-known/openid-configuration",
        exchange ->
            answer(
                exchange,
                "{\"issuer\": \"" + issuer + "\", \"jwks_uri\": \"" + issuer + "/keys\"}"));
    server.createContext(
        "/keys",
        exchange -> {
          fetches.incrementAndGet();
          answer(exchange, new JWKSet(key.toPublicJWK()).toString());
        });
    server.start();
  }

  @AfterEach
  void stopIssuer() {
    server.stop(0);
  }

  @Test
  void tokenOfTheIssuerForUsIsAccepted() throws JOSEException {
    assertThat(callerOf(tokens(false), token("at+jwt", issuer, AUDIENCE)))
        .isEqualTo(new Caller("acme", "alice", Set.of(Scope.TASKS)));
  }

  @Test
  void plainTypeIsAcceptedOnlyBySetting() throws JOSEException {
    String token = token("JWT", issuer, AUDIENCE);

    assertRefused(tokens(false), token);
    assertThat(callerOf(tokens(true), token)).isNotNull();
  }

  @Test
  void tokenForAnotherAudienceOrOfAnotherIssuerIsRefused() throws JOSEException {
    assertRefused(tokens(true), token("at+jwt", issuer, "another-application"));
    assertRefused(tokens(true), token("at+jwt", issuer + "/", AUDIENCE));
    assertRefused(tokens(true), token("at+jwt", "slipway", AUDIENCE));
  }

  @Test
  void withdrawnIssuerIsNoReasonToCallATokenBadAndComesBackByItself() throws JOSEException {
    String token = token("at+jwt", issuer, AUDIENCE);
    ReactiveAuthenticationManager tokens = tokens(false);
    down = true;

    assertThatThrownBy(() -> callerOf(tokens, token))
        .isInstanceOf(AuthenticationServiceException.class);

    down = false;
    assertThat(callerOf(tokens, token)).isNotNull();
  }

  @Test
  void freshKeyOfTheIssuerIsFetched() throws JOSEException {
    ReactiveAuthenticationManager tokens = tokens(false);
    assertThat(callerOf(tokens, token("at+jwt", issuer, AUDIENCE))).isNotNull();

    key = new RSAKeyGenerator(2048).keyID("two").generate();
    String token = token("at+jwt", issuer, AUDIENCE);

    await().ignoreExceptions().until(() -> callerOf(tokens, token) != null);
  }

  @Test
  void tokensOfUnknownKeysDoNotHaveTheKeySetFetchedEachTime() throws JOSEException {
    ReactiveAuthenticationManager tokens = tokens(false);
    RSAKey known = key;
    String good = token("at+jwt", issuer, AUDIENCE);
    List<String> madeUp = new ArrayList<>();
    for (int number = 0; number < 100; number++) {
      key = new RSAKey.Builder(known).keyID("made up " + number).build();
      madeUp.add(token("at+jwt", issuer, AUDIENCE));
    }
    key = known;

    madeUp.forEach(token -> assertRefused(tokens, token));

    assertThat(fetches).hasValueLessThan(20);
    assertThat(callerOf(tokens, good)).isNotNull();
  }

  private ReactiveAuthenticationManager tokens(boolean acceptPlainJwt) {
    return new SecurityConfiguration()
        .tokens(
            new SecurityProperties(
                null,
                URI.create(issuer),
                AUDIENCE,
                acceptPlainJwt,
                Duration.ofMinutes(1), // how long its tokens live is the issuer's business
                Duration.ZERO));
  }

  private void answer(HttpExchange exchange, String json) throws IOException {
    try (exchange) {
      byte[] body = json.getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(down ? 503 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static @Nullable Object callerOf(ReactiveAuthenticationManager tokens, String token) {
    return tokens
        .authenticate(new BearerTokenAuthenticationToken(token))
        .blockOptional(Duration.ofSeconds(10))
        .orElseThrow()
        .getPrincipal();
  }

  private static void assertRefused(ReactiveAuthenticationManager tokens, String token) {
    assertThatThrownBy(() -> callerOf(tokens, token))
        .isInstanceOf(InvalidBearerTokenException.class);
  }

  private String token(String type, String issuer, String audience) throws JOSEException {
    var header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .type(new JOSEObjectType(type))
            .keyID(key.getKeyID())
            .build();
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer)
            .audience(audience)
            .subject("alice")
            .claim("tenant", "acme")
            .claim("scope", "openid tasks")
            .expirationTime(Date.from(Instant.now().plusSeconds(300)))
            .build();
    var token = new SignedJWT(header, claims);
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }
}
