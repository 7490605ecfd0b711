package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.error.RetryableException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Mono;

class PreferredWaitTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final ResponseEntity<?> ACCEPTED = ResponseEntity.accepted().body("queued");
  private static final ResponseEntity<?> SETTLED = ResponseEntity.ok("done");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "none | 0",
        "wait=5 | 5",
        "WAIT = \"7\" | 7",
        "respond-async, wait=3; x=y | 3",
        "wait=121 | 120",
        "wait=999999999 | 120",
        "wait=0 | 0",
        "wait=-1 | 0",
        "wait=soon | 0",
        "wait | 0",
      })
  void whatCannotBeReadIsNoPreference(@Nullable String header, int seconds) {
    assertThat(PreferredWait.of(exchange(header))).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void nobodyLooksForWhoDoesNotWait() {
    ResponseEntity<?> answer =
        PreferredWait.answer(
                exchange(null),
                ACCEPTED,
                () -> {
                  throw new IllegalStateException("looked");
                })
            .block(PATIENCE);

    assertThat(answer).isEqualTo(ACCEPTED);
  }

  @Test
  void theAnswerIsThatOfTheSettledResource() {
    var looks = new AtomicInteger();

    ResponseEntity<?> answer =
        PreferredWait.answer(
                exchange("wait=10"),
                ACCEPTED,
                () -> looks.incrementAndGet() < 3 ? Mono.empty() : Mono.just(SETTLED))
            .block(PATIENCE);

    assertThat(answer).isEqualTo(SETTLED);
    assertThat(looks).hasValue(3);
  }

  @Test
  void whenTheTimeIsOverTheAnswerIsTheFirst() {
    assertThat(PreferredWait.answer(exchange("wait=1"), ACCEPTED, Mono::empty).block(PATIENCE))
        .isEqualTo(ACCEPTED);
  }

  @Test
  void whatWasAcceptedIsAcceptedWhenNobodyCanLook() {
    assertThat(
            PreferredWait.answer(
                    exchange("wait=10"),
                    ACCEPTED,
                    () -> Mono.error(new RetryableException("away", Duration.ZERO, null)))
                .block(PATIENCE))
        .isEqualTo(ACCEPTED);
  }

  @ParameterizedTest
  @CsvSource({"none, 1", "wait=10, 3", "wait=1, 1000"})
  void whatIsReadIsTheNewestOrTheSettled(String preference, int settledAt) {
    var looks = new AtomicInteger();

    ResponseEntity<?> answer =
        PreferredWait.read(
                exchange(preference),
                () -> Mono.just(ResponseEntity.ok(looks.incrementAndGet())),
                number -> number == settledAt)
            .block(PATIENCE);

    assertThat(answer).isEqualTo(ResponseEntity.ok(looks.get()));
    assertThat(looks.get()).isLessThanOrEqualTo(settledAt);
    assertThat(looks.get() > 1).isEqualTo(preference.startsWith("wait"));
  }

  @Test
  void whoReadsWhatIsNotThereDoesNotWaitForIt() {
    assertThat(PreferredWait.read(exchange("wait=10"), Mono::empty, _ -> true).block(PATIENCE))
        .isNull();
  }

  private static MockServerWebExchange exchange(@Nullable String header) {
    var request = MockServerHttpRequest.post("/");
    return MockServerWebExchange.from(
        header == null ? request.build() : request.header("Prefer", header).build());
  }
}
