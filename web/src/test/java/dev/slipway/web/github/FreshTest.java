package dev.slipway.web.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.pipeline.security.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/// A token that was just made, and the parts of GitHub that do not know it yet.
class FreshTest {
  private static final RepositoryPath SITE = new RepositoryPath("acme", "site");
  private static final Duration PAUSE = Duration.ofMillis(1);

  private final GitHubApiTest.SetClock clock = new GitHubApiTest.SetClock();
  private final Deque<Integer> answers = new ArrayDeque<>();
  private final Exchange fresh = new Fresh(this::answer, clock, List.of(PAUSE, PAUSE, PAUSE));
  private final Credential token =
      Credential.installation(7, SITE, new Secret("ghs_canary"), clock.instant().plusSeconds(10));

  private Received answer(Call call) {
    HttpHeaders headers = new HttpHeaders();
    if (answers.getFirst() < 0) {
      headers.set("Retry-After", "1");
    }
    return new Received(
        call, Math.abs(answers.removeFirst()), headers, new byte[0], clock.instant());
  }

  private int status(Credential as, Integer... script) {
    answers.addAll(List.of(script));
    return fresh.send(call(as)).status();
  }

  private static Call call(Credential as) {
    return new Call(
        HttpMethod.POST, URI.create("https://h/repos/acme/site"), as, HttpHeaders.EMPTY, null);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404})
  void aRefusalOfATokenThatWasJustMadeIsAskedAgain(int refusal) {
    assertThat(status(token, refusal, refusal, 201)).isEqualTo(201);
  }

  @Test
  void aRefusalThatStaysIsOne() {
    assertThat(status(token, 404, 404, 404, 404, 201)).isEqualTo(404);
    assertThat(answers).containsExactly(201);
  }

  /// @param status less than zero for one that says when to come again
  @ParameterizedTest
  @CsvSource({"422", "500", "-403", "429", "304"})
  void nothingElseIsAskedAgain(int status) {
    assertThat(status(token, status, 201)).isEqualTo(Math.abs(status));
    assertThat(answers).containsExactly(201);
  }

  @Test
  void aRefusalOfATokenThatIsKnownEverywhereIsOne() {
    clock.pass(Duration.ofSeconds(10));

    assertThat(status(token, 404, 201)).isEqualTo(404);
    assertThat(answers).containsExactly(201);
  }

  @Test
  void aRefusalOfWhatNobodyMadeIsOne() {
    assertThat(status(Credential.token(new Secret("ghp_canary")), 404, 201)).isEqualTo(404);
    assertThat(answers).containsExactly(201);
  }

  @Test
  void anInterruptEndsTheWait() {
    answers.add(404);
    var slow = new Fresh(this::answer, clock, List.of(Duration.ofMinutes(10)));
    Thread.currentThread().interrupt();

    GitHubException interrupted =
        catchThrowableOfType(GitHubException.class, () -> slow.send(call(token)));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(interrupted.failure())
        .returns(true, GitHubFailure::retryable)
        .returns(false, GitHubFailure::mayHaveHappened);
  }
}
