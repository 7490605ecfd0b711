package dev.slipway.web.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.security.Secret;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/// What is kept, for whom, and of when it is.
class ConditionalTest {
  private static final URI SITE = URI.create("https://h/repos/acme/site");
  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
  private static final Credential TOKEN = Credential.token(new Secret("t0"));

  private final List<@Nullable String> conditions = new ArrayList<>();
  private final ArrayDeque<Received> answers = new ArrayDeque<>();
  private final Exchange conditional =
      new Conditional(
          call -> {
            conditions.add(call.headers().getFirst(HttpHeaders.IF_NONE_MATCH));
            return answers.size() > 1 ? answers.remove() : answers.element();
          },
          1_000_000);

  private static Received answer(int status, String... headers) {
    HttpHeaders all = new HttpHeaders();
    for (int i = 0; i < headers.length; i += 2) {
      all.set(headers[i], headers[i + 1]);
    }
    return new Received(
        Call.get(SITE, TOKEN), status, all, status == 200 ? new byte[] {1} : new byte[0], NOW);
  }

  /// An observation is as old as the answer that says that nothing changed.
  @ParameterizedTest
  @CsvSource({"'Sun, 01 Nov 2026 11:30:00 GMT', 2026-11-01T11:30:00Z", ","})
  void whatDidNotChangeHasTheDateOfTheAnswerThatSaysSo(
      @Nullable String date, @Nullable Instant expected) {
    answers.add(answer(200, "ETag", "1", "Date", "Sun, 01 Nov 2026 11:00:00 GMT"));
    answers.add(date == null ? answer(304) : answer(304, "Date", date));
    Received _ = conditional.send(Call.get(SITE, TOKEN));

    Received unchanged = conditional.send(Call.get(SITE, TOKEN));

    assertThat(unchanged.body()).containsExactly(1);
    assertThat(unchanged.date()).isEqualTo(expected);
  }

  @Test
  void whatChangedTakesThePlaceOfWhatWasKept() {
    answers.add(answer(200, "ETag", "1"));
    answers.add(answer(200, "ETag", "2"));
    answers.add(answer(304));

    for (int calls = 0; calls < 3; calls++) {
      assertThat(conditional.send(Call.get(SITE, TOKEN)).status()).isEqualTo(200);
    }

    assertThat(conditions).containsExactly(null, "1", "2");
  }

  @Test
  void anInstallationsTokensForTwoRepositoriesAreTwoCallers() {
    answers.add(answer(200, "ETag", "1"));

    for (String name : List.of("site", "docs", "site")) {
      Received _ =
          conditional.send(
              Call.get(
                  SITE,
                  Credential.installation(
                      7, new RepositoryPath("acme", name), new Secret("ghs_1"), Instant.EPOCH)));
    }

    assertThat(conditions).containsExactly(null, null, "1");
  }

  @Test
  void whatWritesIsNeverKept() {
    answers.add(answer(200, "ETag", "1"));
    var write = new Call(HttpMethod.PATCH, SITE, TOKEN, HttpHeaders.EMPTY, null);

    Received _ = conditional.send(write);
    Received _ = conditional.send(write);
    Received _ = conditional.send(Call.get(SITE, TOKEN));

    assertThat(conditions).containsExactly(null, null, null);
  }
}
