package dev.slipway.web.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.web.security.TestTenants;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where the token goes along, and to whom: a name goes on leading to what was transferred.
class RedirectsTest {
  private static final Credential TOKEN = Credential.token(new Secret("t0"));
  private static final String READ = "GET /repos/acme/site";
  private static final String WRITE = "POST /repos/acme/site/pulls";
  private static final String WHOSE = "GET /repositories/42";

  private final ScriptedGitHub server = new ScriptedGitHub();
  private final GitHubApiTest.Routes routes =
      GitHubApi.open(
              server.properties(),
              TestTenants.load("{\"a\": {\"owners\": [\"a-org\"]}}"),
              Clock.systemUTC())
          .routes(GitHubApiTest.Routes.class);

  @AfterEach
  void stop() {
    server.close();
  }

  private static FailureCode failure(ThrowingCallable call) {
    return catchThrowableOfType(GitHubException.class, call).code();
  }

  private void redirect(String from, int status, String to) {
    server.on(from, status, "", "Location", server.api() + to);
  }

  private void named(String fullName) {
    server.on(WHOSE, 200, "{\"full_name\":\"%s\"}".formatted(fullName));
  }

  private Received read(Credential as) {
    return routes.repository(as, "acme", "site");
  }

  private Received write() {
    return routes.open(TOKEN, Map.of());
  }

  @Test
  void whatWasTransferredToAnotherTenantIsNotSpokenToWithTheToken() {
    redirect(READ, 301, "/repositories/42");
    redirect(WRITE, 307, "/repositories/42/pulls");
    server.on("POST /repositories/42/pulls", 201, "{}");
    named("A-Org/site");

    assertThat(failure(() -> read(TOKEN))).isEqualTo(FailureCode.FORBIDDEN);
    assertThat(failure(this::write)).isEqualTo(FailureCode.FORBIDDEN);

    assertThat(server.routes()).containsExactly(READ, WHOSE, WRITE, WHOSE);
  }

  @ParameterizedTest
  @CsvSource({
    "/repos/A-Org/site/pulls, FORBIDDEN",
    "/user, INTERNAL",
    "/repositories/4x, INTERNAL"
  })
  void aPlaceThatIsAnotherTenantsOrNoRepositoryIsNotFollowedWithTheToken(
      String place, FailureCode code) {
    redirect(WRITE, 307, place);
    server.on("POST " + place, 201, "{}");

    assertThat(failure(this::write)).isEqualTo(code);

    assertThat(server.routes()).containsExactly(WRITE);
  }

  @Test
  void aNewNameOfTheTenantsOwnIsFollowed() {
    redirect(READ, 301, "/repos/acme/new");
    server.on("GET /repos/acme/new", 200, "{}");

    assertThat(read(TOKEN).resource()).isEqualTo("/api/v3/repos/acme/new");
  }

  /// It opens one repository alone, whatever that is called.
  @Test
  void theTokenOfOneRepositoryIsTakenAlongWithoutAsking() {
    redirect(READ, 301, "/repositories/42");
    named("a-org/site");

    Received _ =
        read(
            Credential.installation(
                7, new RepositoryPath("acme", "site"), new Secret("ghs_1"), Instant.EPOCH));

    assertThat(server.routes()).containsExactly(READ, WHOSE);
  }

  @Test
  void whatDoesNotSayWhoseItIsIsNotFollowedWithTheToken() {
    redirect(WRITE, 307, "/repositories/42/pulls");
    redirect(WHOSE, 301, "/repos/acme/new");
    server.on("GET /repos/acme/new", 200, "{}");

    assertThat(failure(this::write)).isEqualTo(FailureCode.INTERNAL);

    assertThat(server.routes()).containsExactly(WRITE, WHOSE);
  }

  @Test
  void whoIsToldToWaitWhenHeAsksWhoseItIsWaits() {
    redirect(WRITE, 307, "/repositories/42/pulls");
    server.on(WHOSE, 429, "{}", "Retry-After", "30");
    assertThat(failure(this::write)).isEqualTo(FailureCode.RATE_LIMITED);

    assertThat(failure(() -> read(TOKEN))).isEqualTo(FailureCode.RATE_LIMITED);

    assertThat(server.routes()).containsExactly(WRITE, WHOSE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          <https://h/a?page=2>; rel="next"                                | https://h/a?page=2
          <https://h/a?page=2>; rel=next                                  | https://h/a?page=2
          <https://h/a?page=9>; rel="last", <https://h/a?page=2>; rel="next" | https://h/a?page=2
          <https://h/a?a,b>; rel="next", <https://h/a?page=9>; rel="last" | https://h/a?a,b
          <https://h/a?page=1>; rel="prev"                                | ``
          <https://h/a?page=1>; rel="nextish"                             | ``
          <h ttp>; rel="next"                                             | ``
          """)
  void theNextPageIsReadFromTheHeader(String header, String next) {
    assertThat(Links.next(header).map(URI::toString).orElse("")).isEqualTo(next);
  }
}
