package dev.slipway.web.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.web.github.ScriptedGitHub.Reply;
import java.net.URI;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/// What did not get its answer, and whether it may have happened all the same.
class WireTest {
  private static final String PULLS = "/repos/acme/site/pulls";

  private final ScriptedGitHub server = new ScriptedGitHub();

  @AfterEach
  void stop() {
    server.close();
  }

  private GitHubFailure failure(String method) {
    var call =
        new Call(
            HttpMethod.valueOf(method),
            URI.create(server.api() + PULLS),
            Credential.ANYBODY,
            HttpHeaders.EMPTY,
            method.equals("GET") ? null : "{}".getBytes(UTF_8));
    try (var wire = new Wire(server.properties("client.answer-size=1KB"), Clock.systemUTC())) {
      return catchThrowableOfType(GitHubException.class, () -> wire.send(call)).failure();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void anAnswerThatIsTooLargeDoesNotSayThatNothingHappened(String method) {
    server.on(method + " " + PULLS, 201, "x".repeat(1_025));

    assertThat(failure(method))
        .returns(FailureCode.TOO_LARGE, GitHubFailure::code)
        .returns(false, GitHubFailure::retryable)
        .returns(method.equals("POST"), GitHubFailure::mayHaveHappened);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void anAnswerThatIsCutOffDoesNotSayThatNothingHappened(String method) {
    server.on(method + " " + PULLS, _ -> Reply.cutOff(201, "{\"number\":"));

    assertThat(failure(method))
        .returns(FailureCode.UNAVAILABLE, GitHubFailure::code)
        .returns(true, GitHubFailure::retryable)
        .returns(method.equals("POST"), GitHubFailure::mayHaveHappened);
  }

  @Test
  void whatIsInterruptedMayHaveHappenedAndStaysInterrupted() {
    var end = new CountDownLatch(1);
    server.on(
        "POST " + PULLS,
        _ -> {
          end.await();
          return Reply.of(201, "{}");
        });
    Thread.currentThread().interrupt();

    GitHubFailure failure = failure("POST");

    end.countDown();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure)
        .returns(FailureCode.UNAVAILABLE, GitHubFailure::code)
        .returns(true, GitHubFailure::mayHaveHappened);
  }
}
