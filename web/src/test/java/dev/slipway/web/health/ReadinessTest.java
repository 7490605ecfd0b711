package dev.slipway.web.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.slipway.pipeline.observability.ReadinessCheck;
import dev.slipway.pipeline.observability.ReadinessCheck.Finding;
import dev.slipway.pipeline.observability.ReadinessCheck.Part;
import dev.slipway.pipeline.observability.ReadinessCheck.Status;
import dev.slipway.web.health.Readiness.Report;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class ReadinessTest {
  private static final String REMEDY = "It is away: start it.";

  @Test
  void everyPartIsAlwaysThereInTheContractsOrderAndUnusedOnesDoNotCount() {
    Report report = report(check(Part.KAFKA, Mono.just(Finding.up())));

    assertThat(report.status()).isEqualTo(Status.UP);
    assertThat(report.checks())
        .containsExactly(
            entry("kafka", Status.UP),
            entry("registry", Status.NOT_USED),
            entry("database", Status.NOT_USED),
            entry("stages", Status.NOT_USED),
            entry("disk", Status.NOT_USED));
    assertThat(report.details()).isEmpty();
  }

  @Test
  void ofSeveralChecksOfOnePartTheWorstCountsAndAllThatIsWrongIsSaidOnce() {
    Report report =
        report(
            check(Part.DATABASE, Mono.just(Finding.degraded("Half of it is away."))),
            check(Part.DATABASE, Mono.just(Finding.up())),
            check(Part.DATABASE, Mono.just(Finding.down("It is full."))),
            check(Part.DATABASE, Mono.just(Finding.down("It is full."))),
            check(Part.DATABASE, Mono.just(Finding.notUsed())));

    assertThat(report.status()).isEqualTo(Status.DOWN);
    assertThat(report.checks()).containsEntry("database", Status.DOWN);
    assertThat(report.details())
        .containsExactly(entry("database", "Half of it is away. It is full."));
  }

  @Test
  void whatIsAwayButNotNeededIsSaidAndServedAllTheSame() {
    Report report =
        report(
            check(Part.KAFKA, Mono.just(Finding.up())),
            check(Part.REGISTRY, Mono.just(Finding.degraded("It is away, start it."))));

    assertThat(report.status()).isEqualTo(Status.UP);
    assertThat(report.checks()).containsEntry("registry", Status.DEGRADED);
    assertThat(report.details()).containsExactly(entry("registry", "It is away, start it."));
  }

  @Test
  void errorsAndNoAnswerAtAllAreDownWithTheChecksRemedy() {
    for (Mono<Finding> broken :
        List.<Mono<Finding>>of(
            Mono.error(new IllegalStateException()),
            Mono.empty(),
            Mono.fromSupplier(() -> {
              throw new IllegalStateException();
            }))) {
      Report report = report(check(Part.KAFKA, broken));

      assertThat(report.status()).isEqualTo(Status.DOWN);
      assertThat(report.details()).containsExactly(entry("kafka", REMEDY));
    }
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
    ReadinessCheck check =
        ReadinessCheck.upWhen(Part.KAFKA, REMEDY, () -> asked.incrementAndGet() > 0);

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

  @Test
  void whatWorksOrDoesNotHasItsRemedyWhenItDoesNot() {
    assertThat(report(ReadinessCheck.upWhen(Part.DISK, REMEDY, () -> true)).details()).isEmpty();
    assertThat(report(ReadinessCheck.upWhen(Part.DISK, REMEDY, () -> false)).details())
        .containsExactly(entry("disk", REMEDY));
  }

  private static Report report(ReadinessCheck... checks) {
    return new Readiness(List.of(checks))
        .report()
        .blockOptional(Duration.ofSeconds(5))
        .orElseThrow();
  }

  private static ReadinessCheck check(Part part, Mono<Finding> finding) {
    return new ReadinessCheck(part, REMEDY, finding);
  }
}
