package dev.slipway.web.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.security.InvalidSettingException;
import dev.slipway.pipeline.security.Secret;
import dev.slipway.web.github.ScriptedGitHub.Asked;
import dev.slipway.web.github.ScriptedGitHub.Reply;
import dev.slipway.web.security.Tenants;
import dev.slipway.web.security.TestTenants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.service.annotation.GetExchange;

/// Who speaks as whom. Tenants `acme` (owner) and `beta` (installation 42) are in the tenants file.
class GitHubCredentialsTest {
  private static final KeyPair KEY = key();
  private static final Tenants TENANTS =
      TestTenants.load("{\"acme\": {\"owners\": [\"Acme\"]}, \"beta\": {\"installations\": [42]}}");

  private final ScriptedGitHub server = new ScriptedGitHub();
  private final GitHubApiTest.SetClock clock = new GitHubApiTest.SetClock();

  @TempDir private Path folder;

  interface Routes {
    @GetExchange("/repos/acme/site")
    Received site(@RequestAttribute(GitHubApi.CREDENTIAL) Credential as);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static KeyPair key() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, Base64.getMimeEncoder().encodeToString(der), kind);
  }

  private static String pkcs8() {
    return pem("PRIVATE KEY", KEY.getPrivate().getEncoded());
  }

  /// What PKCS#8 wraps is PKCS#1: 26 bytes stand before it in a key of this size.
  private static String pkcs1() {
    byte[] der = KEY.getPrivate().getEncoded();
    return pem("RSA PRIVATE KEY", Arrays.copyOfRange(der, 26, der.length));
  }

  private Path file(String content) {
    try {
      return Files.writeString(folder.resolve("app.pem"), content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private GitHubApi app() {
    return GitHubApi.open(
        server.properties("app-id=12", "app-key-file=" + file(pkcs8())), TENANTS, clock);
  }

  private GitHubCredentials token() {
    return GitHubApi.open(server.properties("token=t0"), TENANTS, clock).credentials();
  }

  /// Has the App installed on a repository, with tokens that are numbered and good for an hour.
  private AtomicInteger install(String repository, long installation) {
    var minted = new AtomicInteger();
    server.on(
        "GET /repos/%s/installation".formatted(repository),
        200,
        "{\"id\":%d,\"account\":{\"login\":\"%s\"}}"
            .formatted(installation, path(repository).owner()));
    server.on(
        "POST /app/installations/%d/access_tokens".formatted(installation),
        _ ->
            Reply.of(
                201,
                "{\"token\":\"ghs_%d\",\"expires_at\":\"%s\"}"
                    .formatted(
                        minted.incrementAndGet(), clock.instant().plus(Duration.ofHours(1)))));
    return minted;
  }

  private static RepositoryPath path(String text) {
    return RepositoryPath.parse(text).orElseThrow();
  }

  private @Nullable String secret(GitHubCredentials credentials, String tenant, String path) {
    return credentials.of(tenant, path(path)).token().map(Secret::value).orElse(null);
  }

  @ParameterizedTest
  @CsvSource({
    "default, other/site, t0",
    "acme, other/site, ",
    "acme, ACME/site, ",
  })
  void theTokenIsOfTenantDefaultAndForOwnersThatAreNobodys(
      String tenant, String repository, @Nullable String secret) {
    assertThat(secret(token(), tenant, repository)).isEqualTo(secret);
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "beta"})
  void anotherTenantsOwnerIsNotSpokenTo(String tenant) {
    GitHubException refused =
        catchThrowableOfType(GitHubException.class, () -> token().of(tenant, path("acme/site")));

    assertThat(refused.code()).isEqualTo(FailureCode.FORBIDDEN);
    assertThat(token().refusal(tenant, url("https://github.com/Acme/site"))).isPresent();
    assertThat(token().refusal("acme", url("https://github.com/Acme/site"))).isEmpty();
  }

  private static RepositoryUrl url(String text) {
    return RepositoryUrl.parse(text).orElseThrow();
  }

  @Test
  void noOtherHostGetsACredential() {
    assertThat(token().of("default", url("https://elsewhere.example/other/site")))
        .isEqualTo(Credential.ANYBODY);
    assertThat(token().of("default", url(server.url() + "/other/site")).token())
        .contains(new Secret("t0"));
  }

  @ParameterizedTest
  @CsvSource({
    "acme, acme/site, 41, ghs_1",
    "acme, acme/site, 42, ghs_1",
    "beta, other/site, 42, ghs_1",
    "default, other/site, 41, ghs_1",
    "acme, other/site, 41, ",
  })
  void theAppSpeaksForWhoseOwnerOrInstallationItIs(
      String tenant, String repository, long installation, @Nullable String secret) {
    var _ = install(repository, installation);

    assertThat(secret(app().credentials(), tenant, repository)).isEqualTo(secret);
  }

  @ParameterizedTest
  @CsvSource({"default, other/site, 42", "acme, other/site, 42", "beta, acme/site, 42"})
  void anotherTenantsInstallationIsNotSpokenThrough(
      String tenant, String repository, long installation) {
    AtomicInteger minted = install(repository, installation);

    GitHubException refused =
        catchThrowableOfType(
            GitHubException.class, () -> app().credentials().of(tenant, path(repository)));

    assertThat(refused.code()).isEqualTo(FailureCode.FORBIDDEN);
    assertThat(minted).hasValue(0);
  }

  @Test
  void whereTheAppIsNotInstalledItIsSpokenToAsAnybody() {
    assertThat(app().credentials().of("default", path("other/site"))).isEqualTo(Credential.ANYBODY);
  }

  @Test
  void anInstallationsTokenIsForTheOneRepositoryAndUsedUntilShortlyBeforeItsEnd() {
    AtomicInteger minted = install("other/site", 41);
    GitHubCredentials credentials = app().credentials();

    assertThat(secret(credentials, "default", "other/site")).isEqualTo("ghs_1");
    clock.pass(Duration.ofMinutes(54));
    assertThat(secret(credentials, "default", "Other/SITE")).isEqualTo("ghs_1");
    clock.pass(Duration.ofMinutes(2));
    assertThat(secret(credentials, "default", "other/site")).isEqualTo("ghs_2");

    assertThat(minted).hasValue(2);
    assertThat(server.asked())
        .filteredOn(asked -> asked.method().equals("POST"))
        .extracting(Asked::body)
        .containsOnly("{\"repositories\":[\"site\"]}");
  }

  @Test
  void aRepositoryThatWasRenamedIsNamedByItsId() {
    var _ = install("other/new", 41);
    server.on(
        "GET /repos/other/old/installation",
        301,
        "",
        "Location",
        server.api() + "/repositories/99/installation");
    server.on(
        "GET /repositories/99/installation", 200, "{\"id\":41,\"account\":{\"login\":\"other\"}}");

    assertThat(secret(app().credentials(), "default", "other/old")).isEqualTo("ghs_1");
    assertThat(server.asked().getLast().body()).isEqualTo("{\"repository_ids\":[99]}");
  }

  @Test
  void aTokenThatIsRefusedIsRenewedOnce() {
    AtomicInteger minted = install("acme/site", 41);
    server.on(
        "GET /repos/acme/site",
        asked ->
            asked.authorization().equals("Bearer ghs_2")
                ? Reply.of(200, "{\"id\":1}")
                : Reply.of(401, "{\"message\":\"Bad credentials\"}"));
    GitHubApi api = app();
    Credential first = api.credentials().of("acme", path("acme/site"));
    clock.pass(Duration.ofSeconds(10)); // all of GitHub knows it by now

    Received answer = api.routes(Routes.class).site(first);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(secret(api.credentials(), "acme", "acme/site")).isEqualTo("ghs_2");
    assertThat(minted).hasValue(2);
  }

  @Test
  void aTokenThatIsRefusedAgainIsSaidToBe() {
    AtomicInteger minted = install("acme/site", 41);
    server.on(
        "GET /repos/acme/site",
        _ -> {
          clock.pass(Duration.ofSeconds(10)); // all of GitHub knows it by now
          return Reply.of(401, "{\"message\":\"Bad credentials\"}");
        });
    GitHubApi api = app();
    Credential first = api.credentials().of("acme", path("acme/site"));

    GitHubException refused =
        catchThrowableOfType(GitHubException.class, () -> api.routes(Routes.class).site(first));

    assertThat(refused.code()).isEqualTo(FailureCode.AUTH_FAILED);
    assertThat(refused).hasMessageNotContaining("ghs_");
    assertThat(minted).hasValue(2);
  }

  @ParameterizedTest
  @CsvSource({"acme, other, 41", "acme, other, 42", "default, Acme, 41", "default, other, 42"})
  void whatWasTransferredIsWhoseTheInstallationIsByNow(
      String tenant, String account, long installation) {
    String requested = tenant.equals("acme") ? "acme/site" : "nobody/site";
    server.on(
        "GET /repos/%s/installation".formatted(requested),
        301,
        "",
        "Location",
        server.api() + "/repositories/99/installation");
    server.on(
        "GET /repositories/99/installation",
        200,
        "{\"id\":%d,\"account\":{\"login\":\"%s\"}}".formatted(installation, account));
    GitHubCredentials credentials = app().credentials();

    @Nullable Credential speaks = null;
    try {
      speaks = credentials.of(tenant, path(requested));
    } catch (GitHubException e) {
      assertThat(e.code()).isEqualTo(FailureCode.FORBIDDEN);
    }

    // nobody's is spoken to as anybody, another tenant's not at all
    assertThat(speaks)
        .isEqualTo(account.equals("other") && installation == 41 ? Credential.ANYBODY : null);
    assertThat(server.asked()).noneMatch(asked -> asked.method().equals("POST"));
  }

  @Test
  void whoInstallsTheAppAndAsksAtOnceSpeaksAsIt() {
    GitHubCredentials credentials = app().credentials();
    assertThat(secret(credentials, "default", "other/site")).isNull();
    var _ = install("other/site", 41);

    assertThat(secret(credentials, "default", "other/site")).isEqualTo("ghs_1");
  }

  @Test
  void aTokenThatWasJustMadeIsTriedAgain() {
    var _ = install("acme/site", 41);
    server.inTurn(
        "GET /repos/acme/site", _ -> Reply.of(404, "{}"), _ -> Reply.of(200, "{\"id\":1}"));
    GitHubApi api = app();

    Received answer =
        api.routes(Routes.class).site(api.credentials().of("acme", path("acme/site")));

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void aTokenIsNotRenewedByAnotherInstallation() {
    var _ = install("acme/site", 41);
    GitHubCredentials credentials = app().credentials();
    Credential first = credentials.of("acme", path("acme/site"));
    AtomicInteger others = install("acme/site", 42);

    GitHubException refused =
        catchThrowableOfType(GitHubException.class, () -> credentials.renewed(first));

    assertThat(refused.failure().retryable()).isTrue();
    assertThat(others).hasValue(0);
  }

  @Test
  void aTokenThatNoHeaderCanHoldIsNotUsedAndNotShown() {
    var _ = install("other/site", 41);
    server.on(
        "POST /app/installations/41/access_tokens",
        201,
        "{\"token\":\"canary\\n\",\"expires_at\":\"2026-11-01T13:00:00Z\"}");

    GitHubException refused =
        catchThrowableOfType(
            GitHubException.class, () -> app().credentials().of("default", path("other/site")));

    assertThat(refused.code()).isEqualTo(FailureCode.INTERNAL);
    assertThat(refused).hasMessageContaining("/token").hasMessageNotContaining("canary");
  }

  @ParameterizedTest
  @CsvSource({"default, true", "acme, false", "beta, true"})
  void whatAnAnswerCallsARepositoryIsJudgedAgain(String tenant, boolean isRefused) {
    GitHubCredentials credentials = token();
    credentials.recheck(tenant, "other/site");

    GitHubException refused =
        catchThrowableOfType(GitHubException.class, () -> credentials.recheck(tenant, "ACME/site"));

    assertThat(refused != null).isEqualTo(isRefused);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theAppSaysWhoItIsWithWhatItsKeySigned(boolean isPkcs1) throws Exception {
    Secret jwt =
        AppKey.read(file(isPkcs1 ? pkcs1() : pkcs8()))
            .jwt("12", Instant.parse("2026-11-01T12:00:00Z"));

    SignedJWT read = SignedJWT.parse(jwt.value());
    assertThat(read.verify(new RSASSAVerifier((RSAPublicKey) KEY.getPublic()))).isTrue();
    assertThat(read.getPayload().toJSONObject())
        .isEqualTo(Map.of("iss", "12", "iat", 1_793_534_340L, "exp", 1_793_534_880L));
    assertThat(jwt).hasToString("********");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-----BEGIN PRIVATE KEY-----\nQUJD\n-----END PRIVATE KEY-----", "rubbish"})
  void whatIsNoKeyStopsTheStartAndIsNotShown(String content) {
    Path file = file(content);

    assertThatThrownBy(() -> AppKey.read(file))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("GITHUB_APP_KEY_FILE")
        .hasMessageNotContaining("QUJD")
        .hasNoCause();
    assertThatThrownBy(() -> AppKey.read(folder.resolve("none")))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void noCredentialShowsWhatItHolds() {
    var _ = install("other/site", 41);

    assertThat(app().credentials().of("default", path("other/site")))
        .asString()
        .contains("installation 41")
        .doesNotContain("ghs_1");
  }
}
