package dev.slipway.notifier.hub;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Proves that the guard of this module's other tests is awake.
class BlockingTest {
  @Test
  void blockingOnAnEventLoopFailsTheTest() {
    Mono<Boolean> waiting =
        Mono.fromCallable(() -> new CountDownLatch(1).await(10, TimeUnit.SECONDS))
            .subscribeOn(Schedulers.parallel());

    assertThatThrownBy(() -> waiting.block(Duration.ofSeconds(5)))
        .hasRootCauseInstanceOf(BlockingOperationError.class);
  }
}
