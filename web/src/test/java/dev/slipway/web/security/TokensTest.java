package dev.slipway.web.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.slipway.pipeline.security.InvalidSettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

class TokensTest {
  private static final Caller OWNER = new Caller("default", "owner", Set.of(Scope.values()));
  private static final Caller ALICE = new Caller("acme", "alice", Set.of(Scope.TASKS, Scope.ADMIN));

  @TempDir private Path directory;
  private Path file;
  private JwtKeys keys;
  private ECKey key;
  private Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private ReactiveAuthenticationManager tokens;

  @BeforeEach
  void makeKeys() throws IOException, ParseException {
    file = directory.resolve("jwt-keys.json");
    keys = JwtKeys.openOrCreate(file);
    key = JWKSet.load(file.toFile()).getKeys().getFirst().toECKey();
    tokens = tokens(properties(file));
  }

  @Test
  void ownTokenNamesTheCaller() {
    String token = keys.sign(ALICE, Instant.now(), Duration.ofMinutes(5));

    assertThat(callerOf(token)).isEqualTo(ALICE);
    assertThat(callerOf(token)).as("remembered").isEqualTo(ALICE);
  }

  @Test
  void foreignScopesArePassedOver() throws JOSEException {
    String token = signed(claims -> claims.claim("scope", "openid tasks everything"));

    assertThat(callerOf(token)).isEqualTo(new Caller("acme", "alice", Set.of(Scope.TASKS)));
  }

  @Test
  void expiredTokenIsRefusedAlsoWhenItsSignatureIsRemembered() {
    String token = keys.sign(ALICE, Instant.now().minusSeconds(40), Duration.ofSeconds(5));

    assertRefused(token);
    assertRefused(token);
  }

  @Test
  void unsignedTokenIsRefused() {
    assertRefused(new PlainJWT(claims().build()).serialize());
  }

  @Test
  void tokenSignedWithThePublicKeyAsPasswordIsRefused() throws JOSEException {
    var header =
        new JWSHeader.Builder(JWSAlgorithm.HS256)
            .type(new JOSEObjectType("at+jwt"))
            .keyID(key.getKeyID())
            .build();
    var forged = new SignedJWT(header, claims().build());
    forged.sign(new MACSigner(key.toPublicJWK().toJSONString().getBytes(UTF_8)));

    assertRefused(forged.serialize());
  }

  @Test
  void tokenOfAForeignKeyUnderOurKeyIdIsRefused() throws JOSEException {
    ECKey foreign = new ECKeyGenerator(Curve.P_256).keyID(key.getKeyID()).generate();

    assertRefused(sign(foreign, "at+jwt", claims()));
  }

  @Test
  void tokenThatBringsItsOwnKeyIsRefused() throws JOSEException {
    ECKey foreign = new ECKeyGenerator(Curve.P_256).keyID("mine").generate();
    var header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(new JOSEObjectType("at+jwt"))
            .jwk(foreign.toPublicJWK())
            .build();
    var forged = new SignedJWT(header, claims().build());
    forged.sign(new ECDSASigner(foreign));

    assertRefused(forged.serialize());
  }

  @Test
  void changedTokenIsRefused() {
    String token = keys.sign(ALICE, Instant.now(), Duration.ofMinutes(5));
    String other =
        keys.sign(new Caller("other", "alice", Set.of()), Instant.now(), Duration.ofMinutes(5));
    String signature = token.substring(token.lastIndexOf('.'));

    assertRefused(other.substring(0, other.lastIndexOf('.')) + signature);
    assertRefused(token.substring(0, token.lastIndexOf('.') + 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"JWT", "at+jwtx", "logout+jwt", ""})
  void otherKindsOfTokenAreRefused(String type) throws JOSEException {
    assertRefused(sign(key, type, claims()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"iss", "aud", "exp", "iat", "sub", "tenant"})
  void missingClaimIsRefused(String claim) throws JOSEException {
    assertRefused(signed(claims -> claims.claim(claim, null)));
  }

  @Test
  void foreignIssuerAudienceTenantOrTimeIsRefused() throws JOSEException {
    assertRefused(signed(claims -> claims.issuer("somebody")));
    assertRefused(signed(claims -> claims.audience("somewhere")));
    assertRefused(signed(claims -> claims.claim("tenant", "a/../b")));
    assertRefused(signed(claims -> claims.claim("tenant", 7)));
    assertRefused(signed(claims -> claims.subject(" ")));
    assertRefused(signed(claims -> claims.notBeforeTime(Date.from(Instant.now().plusSeconds(60)))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\0b", "a\u009Bb", "a\u2028b", "a\u202Eb", "\u200Bab"})
  void aSubjectThatWouldChangeALogOrATerminalIsRefused(String subject) throws JOSEException {
    assertRefused(signed(claims -> claims.subject(subject)));
  }

  @Test
  void aSubjectInAnyScriptIsTaken() throws JOSEException {
    String token = signed(claims -> claims.subject("Zoë 王 \uD83D\uDE80"));

    assertThat(callerOf(token))
        .isEqualTo(new Caller("acme", "Zoë 王 \uD83D\uDE80", Set.of(Scope.TASKS)));
  }

  @Test
  void aTokenThatLivesLongerThanAllowedIsRefused() {
    assertThat(callerOf(keys.sign(ALICE, Instant.now(), Duration.ofDays(30)))).isEqualTo(ALICE);

    assertRefused(keys.sign(ALICE, Instant.now(), Duration.ofDays(30).plusSeconds(1)));
    assertRefused(keys.sign(OWNER, Instant.now(), Duration.ofDays(36_500)));
  }

  @Test
  void aLongLifeIsNotMadeShortByBeingIssuedLater() throws JOSEException {
    Instant later = Instant.now().plus(Duration.ofDays(3_650));

    assertRefused(keys.sign(ALICE, later, Duration.ofMinutes(5)));
    assertRefused(signed(claims -> claims.claim("iat", "soon")));
    assertRefused(signed(claims -> claims.issueTime(Date.from(later))));
  }

  @Test
  void theOwnersTokenLivesAsLongAsItsKeyAndNoOtherOfItsKindDoes() {
    String first = JwtKeys.ownerToken(file, OWNER, Instant.now(), null);

    assertThat(callerOf(first)).isEqualTo(OWNER);
    assertThat(JwtKeys.ownerToken(file, OWNER, Instant.now(), first)).isEqualTo(first);

    String second = JwtKeys.ownerToken(file, OWNER, Instant.now(), "nonsense");

    // the file is read again for the one that is not remembered
    assertThat(callerOf(second)).isEqualTo(OWNER);
    assertRefused(first);
  }

  @Test
  void anOwnersTokenFromBeforeThereWereLimitsIsKept() {
    String former = keys.sign(OWNER, Instant.now().minusSeconds(5), Duration.ofDays(36_500));

    assertThat(JwtKeys.ownerToken(file, OWNER, Instant.now(), former)).isEqualTo(former);
    assertThat(callerOf(former)).isEqualTo(OWNER);
  }

  @Test
  void anOwnersTokenOfOthersOrOfAFormerKeyIsMadeAnew() throws JOSEException {
    Duration life = Duration.ofDays(36_500);
    Instant now = Instant.now();
    String fewer = keys.sign(new Caller("default", "owner", Set.of(Scope.TASKS)), now, life);
    String former = keys.sign(OWNER, now, life);
    ECKey foreign = new ECKeyGenerator(Curve.P_256).keyID(key.getKeyID()).generate();

    assertThat(JwtKeys.ownerToken(file, OWNER, now, fewer)).isNotEqualTo(fewer);
    String forged = sign(foreign, "at+jwt", claims());
    assertThat(JwtKeys.ownerToken(file, OWNER, now, forged)).isNotEqualTo(forged);
    var _ = JwtKeys.rotate(file, now);
    assertThat(JwtKeys.ownerToken(file, OWNER, now, former)).isNotEqualTo(former);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a.b", "a.b.c", "...", "e30.e30.e30"})
  void garbageIsRefused(String token) {
    assertRefused(token);
  }

  @Test
  void rotationIsNoticedWithoutARestartAndGivesFormerTokensADay() {
    String owners = JwtKeys.ownerToken(file, OWNER, Instant.now(), null);
    String former = keys.sign(ALICE, Instant.now(), Duration.ofDays(3));
    assertThat(callerOf(former)).isEqualTo(ALICE);

    String fresh = JwtKeys.rotate(file, now).sign(ALICE, Instant.now(), Duration.ofDays(3));

    assertThat(callerOf(fresh)).isEqualTo(ALICE);
    now = now.plus(Duration.ofDays(1)).minusSeconds(2);
    assertThat(callerOf(former)).isEqualTo(ALICE);
    assertThat(callerOf(owners)).isEqualTo(OWNER);
    now = now.plusSeconds(2);
    assertRefused(former); // though its signature is remembered
    assertRefused(owners);
    tokens = tokens(properties(file));
    assertRefused(former);
    assertThat(callerOf(fresh)).isEqualTo(ALICE);
  }

  @Test
  void aKeyWhoseDayIsOverIsDroppedByTheNextRotationAndOneWhoseIsNotStays() {
    String first = keys.signingKeyId();
    String second = JwtKeys.rotate(file, now).signingKeyId();

    JwtKeys third = JwtKeys.rotate(file, now.plus(Duration.ofHours(23)));
    JwtKeys fourth = JwtKeys.rotate(file, now.plus(Duration.ofHours(25)));

    assertThat(third.former()).extracting(JwtKeys.Former::keyId).containsExactly(second, first);
    assertThat(fourth.former())
        .extracting(JwtKeys.Former::keyId)
        .containsExactly(third.signingKeyId(), second);
    assertThat(JwtKeys.load(file).former()).isEqualTo(fourth.former());
  }

  @Test
  void aKeyFileThatCannotBeReadAgainLeavesTheKeysThatWereKnown() throws IOException {
    String token = keys.sign(ALICE, Instant.now(), Duration.ofMinutes(5));
    Files.writeString(file, "{\"keys\": [");

    assertThat(callerOf(token)).isEqualTo(ALICE);

    Files.delete(file);
    String fresh = JwtKeys.openOrCreate(file).sign(ALICE, Instant.now(), Duration.ofMinutes(5));
    assertThat(callerOf(fresh)).as("of the file that came back").isEqualTo(ALICE);
  }

  @Test
  void keyFileIsReadableByItsOwnerAloneAndKept() throws IOException {
    String before = Files.readString(file);

    JwtKeys.openOrCreate(file);

    assertThat(Files.readString(file)).isEqualTo(before);
    assertThat(Files.getPosixFilePermissions(file).toString())
        .isEqualTo("[OWNER_READ, OWNER_WRITE]");
  }

  @Test
  void wrongKeyFileStopsTheStartWithoutQuotingIt() throws IOException {
    Path wrong = Files.writeString(directory.resolve("wrong"), "{\"keys\": [{\"d\": \"s3cret\"}]}");
    Path empty = Files.writeString(directory.resolve("empty"), "{\"keys\": []}");

    assertThatThrownBy(() -> JwtKeys.load(directory.resolve("missing")))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("missing");
    assertThatThrownBy(() -> JwtKeys.load(wrong))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
    assertThatThrownBy(() -> JwtKeys.load(empty)).hasMessageContaining("no signing key");
  }

  @Test
  void withoutKeysAndIssuerNoTokenIsAccepted() {
    String token = keys.sign(ALICE, Instant.now(), Duration.ofMinutes(5));

    tokens = tokens(properties(null));

    assertRefused(token);
  }

  static SecurityProperties properties(@Nullable Path file) {
    return new SecurityProperties(
        file, null, "slipway", false, Duration.ofDays(30), Duration.ofSeconds(30));
  }

  private ReactiveAuthenticationManager tokens(SecurityProperties properties) {
    return SecurityConfiguration.tokens(properties, () -> now);
  }

  private @Nullable Object callerOf(String token) {
    return tokens
        .authenticate(new BearerTokenAuthenticationToken(token))
        .blockOptional(Duration.ofSeconds(5))
        .orElseThrow()
        .getPrincipal();
  }

  private void assertRefused(String token) {
    assertThatThrownBy(() -> callerOf(token)).isInstanceOf(InvalidBearerTokenException.class);
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(JwtKeys.ISSUER)
        .audience(JwtKeys.AUDIENCE)
        .subject("alice")
        .claim("tenant", "acme")
        .claim("scope", "tasks")
        .issueTime(Date.from(Instant.now()))
        .expirationTime(Date.from(Instant.now().plusSeconds(300)));
  }

  private String signed(Consumer<JWTClaimsSet.Builder> change) throws JOSEException {
    JWTClaimsSet.Builder claims = claims();
    change.accept(claims);
    return sign(key, "at+jwt", claims);
  }

  private static String sign(ECKey key, String type, JWTClaimsSet.Builder claims)
      throws JOSEException {
    var header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(type.isEmpty() ? null : new JOSEObjectType(type))
            .keyID(key.getKeyID())
            .build();
    var token = new SignedJWT(header, claims.build());
    token.sign(new ECDSASigner(key));
    return token.serialize();
  }
}
