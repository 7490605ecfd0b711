package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class BodyDeadlineTest {
  private static final Duration BETWEEN_PARTS = Duration.ofMillis(60);
  private static final BodyDeadline DEADLINE = new BodyDeadline(Duration.ofMillis(200));

  @Test
  void aLargeBodyThatKeepsComingMayTakeItsTime() {
    assertThat(read(10, 65_536)).isEqualTo(655_360);
  }

  @Test
  void aSmallBodyMayNotTrickle() {
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> read(10, 1))
        .withMessageContaining("in time");
  }

  private static @Nullable Integer read(int parts, int bytes) {
    Flux<DataBuffer> body =
        Flux.range(0, parts)
            .delayElements(BETWEEN_PARTS)
            .map(_ -> DefaultDataBufferFactory.sharedInstance.wrap(new byte[bytes]));
    var exchange =
        MockServerWebExchange.from(MockServerHttpRequest.put("/api/v1/things").body(body));
    var passed = new AtomicReference<ServerWebExchange>();
    DEADLINE
        .filter(
            exchange,
            next -> {
              passed.set(next);
              return Mono.empty();
            })
        .block(Duration.ofSeconds(1));
    return passed
        .get()
        .getRequest()
        .getBody()
        .map(DataBuffer::readableByteCount)
        .reduce(Integer::sum)
        .block(Duration.ofSeconds(20));
  }
}
