package dev.slipway.pipeline.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StoppableThreadTest {
  private final AtomicInteger times = new AtomicInteger();

  @Test
  void workBeginsAnewAfterItsEndAndAfterABug() {
    StoppableThread thread =
        start(() -> {
          if (times.incrementAndGet() == 2) {
            throw new IllegalStateException("a bug");
          }
        });

    await().until(() -> times.get() > 3);

    assertThat(thread.isDead()).isFalse();
    thread.stop(Duration.ofSeconds(10));
    assertThat(thread.isRunning()).isFalse();
  }

  @Test
  void anErrorEndsItForGood() {
    StoppableThread thread =
        start(() -> {
          times.incrementAndGet();
          throw new StackOverflowError();
        });

    await().until(thread::isDead);

    thread.stop(Duration.ofSeconds(10));
    assertThat(thread.isDead()).isTrue();
    assertThat(times).hasValue(1);
  }

  @Test
  void workThatTakesLongerThanPatienceIsInterruptedAndNotDead() {
    var never = new CountDownLatch(1);
    StoppableThread thread =
        start(() -> {
          times.incrementAndGet();
          try {
            never.await();
          } catch (InterruptedException e) {
            times.incrementAndGet();
            throw new InterruptException(e);
          }
        });
    await().until(() -> times.get() == 1);

    thread.stop(Duration.ZERO);

    assertThat(times).hasValue(2);
    assertThat(thread.isDead()).isFalse();
  }

  @Test
  @Timeout(20)
  void workThatWaitsForSomethingElseIsWokenAndNotInterrupted() {
    var something = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    var thread =
        new StoppableThread(
            Thread.ofVirtual(),
            () -> {
              times.incrementAndGet();
              try {
                something.await();
                ended.countDown();
              } catch (InterruptedException e) {
                throw new InterruptException(e);
              }
            },
            Duration.ofMillis(1),
            something::countDown);
    thread.start();
    await().until(() -> times.get() == 1);

    thread.stop(Duration.ofMinutes(1));

    assertThat(ended.getCount()).isZero();
  }

  private static StoppableThread start(Runnable work) {
    var thread = new StoppableThread(Thread.ofVirtual(), work, Duration.ofMillis(1));
    thread.start();
    return thread;
  }
}
