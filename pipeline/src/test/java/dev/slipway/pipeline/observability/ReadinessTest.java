package dev.slipway.pipeline.observability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.observability.Readiness.Report;
import dev.slipway.pipeline.observability.Readiness.Status;
import dev.slipway.pipeline.observability.ReadinessCheck.Part;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class ReadinessTest {

  @Test
  void allFourPartsAreAlwaysThereAndUnusedOnesDoNotCount() {
    Report report = report(check(Part.KAFKA, Mono.just(true)));

    assertThat(report)
        .isEqualTo(
            new Report(
                Status.UP,
                Map.of(
                    "kafka", Status.UP,
                    "registry", Status.NOT_USED,
                    "database", Status.NOT_USED,
                    "stages", Status.NOT_USED)));
  }

  @Test
  void ofSeveralChecksOfOnePartAllMustBeUp() {
    Report report =
        report(
            check(Part.DATABASE, Mono.just(true)),
            check(Part.DATABASE, Mono.just(false)),
            check(Part.DATABASE, Mono.just(true)));

    assertThat(report.status()).isEqualTo(Status.DOWN);
    assertThat(report.checks()).containsEntry("database", Status.DOWN);
  }

  @Test
  void errorsAndNoAnswerAtAllAreDown() {
    assertThat(report(check(Part.KAFKA, Mono.error(new IllegalStateException()))).status())
        .isEqualTo(Status.DOWN);
    assertThat(report(check(Part.KAFKA, Mono.empty())).status()).isEqualTo(Status.DOWN);
    assertThat(
            report(
                    check(
                        Part.KAFKA,
                        Mono.defer(() -> {
                          throw new IllegalStateException();
                        })))
                .status())
        .isEqualTo(Status.DOWN);
  }

  @Test
  void aCheckThatHangsIsDownAfterTwoSeconds() {
    StepVerifier.withVirtualTime(
            () -> new Readiness(List.of(check(Part.STAGES, Mono.never()))).report())
        .expectSubscription()
        .expectNoEvent(Duration.ofMillis(1999))
        .thenAwait(Duration.ofMillis(1))
        .assertNext(report -> assertThat(report.status()).isEqualTo(Status.DOWN))
        .verifyComplete();
  }

  @Test
  void probingInAHurryAsksOnce() {
    AtomicInteger asked = new AtomicInteger();
    ReadinessCheck check = check(Part.KAFKA, Mono.fromSupplier(() -> asked.incrementAndGet() > 0));

    StepVerifier.withVirtualTime(
            () -> {
              Readiness readiness = new Readiness(List.of(check));
              return Mono.when(readiness.report(), readiness.report())
                  .then(Mono.delay(Duration.ofMillis(501)))
                  .then(readiness.report());
            })
        .thenAwait(Duration.ofSeconds(1))
        .expectNextCount(1)
        .verifyComplete();

    assertThat(asked).hasValue(2);
  }

  private static Report report(ReadinessCheck... checks) {
    return new Readiness(List.of(checks))
        .report()
        .blockOptional(Duration.ofSeconds(5))
        .orElseThrow();
  }

  private static ReadinessCheck check(Part part, Mono<Boolean> answer) {
    return new ReadinessCheck() {
      @Override
      public Part part() {
        return part;
      }

      @Override
      public Mono<Boolean> isUp() {
        return answer;
      }
    };
  }
}
