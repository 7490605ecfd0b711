package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Clients of the live events that come and go all the time.
@Tag("slow")
class ChurnIT {
  private static final Duration CHURN =
      Duration.ofSeconds(Integer.getInteger("slipway.churn.seconds", 18));
  private static final int ROUNDS = 9;
  private static final int VISITORS = 50;
  private static final Duration BETWEEN_WEBHOOKS = Duration.ofMillis(50);
  private static final long MIB = 1L << 20;

  /// Compiled code and the collector's tables grow for minutes.
  private static final Duration WARM = Duration.ofMinutes(5);

  /// A fifth more than ten minutes come to.
  private static final long MOST_RESIDENT = 560 * MIB;

  private final AtomicInteger visits = new AtomicInteger();

  @Test
  void whoeverComesAndGoesLeavesNothingInANotifier() {
    try (Parts parts = Parts.started()) {
      Service notifier = smallNotifier(parts);
      String past = cursor(parts);
      List<Visitor> visitors =
          IntStream.range(0, VISITORS)
              .mapToObj(i -> new Visitor(parts.events(), past, new Random(i)))
              .toList();
      List<ProcessFigures> figures = new ArrayList<>();
      try (SteadyPosting posting = SteadyPosting.of(parts.sender(), BETWEEN_WEBHOOKS)) {
        churnUntilThePastIsScanned(parts.events(), visitors);
        for (int round = 0; round < ROUNDS; round++) {
          churn(visitors);
          awaitNobody(parts.events());
          figures.add(ProcessFigures.of(notifier, parts.events()));
        }
        assertThat(posting.stop()).isPositive();
      }

      System.out.printf("%d visits%n", visits.get());
      figures.forEach(System.out::println);
      ProcessFigures.assertFlat(figures, ProcessFigures::heapBytes, 2 * MIB);
      if (CHURN.compareTo(WARM) >= 0) {
        ProcessFigures.assertFlat(figures, ProcessFigures::residentBytes, 24 * MIB);
      }
      assertThat(figures.getLast().residentBytes()).as("%s", figures).isLessThan(MOST_RESIDENT);
      ProcessFigures.assertFlat(figures, ProcessFigures::threads, 4);
      ProcessFigures.assertFlat(figures, ProcessFigures::openFiles, 8);
    }
  }

  /// As an operator would size one who serves few, its memory of events full after seconds.
  private static Service smallNotifier(Parts parts) {
    parts
        .installation()
        .with("SLIPWAY_JAVA_OPTS", "-Xmx128m")
        .with("SLIPWAY_LIVE_RINGSIZE", "256KB");
    parts.service(Parts.Part.NOTIFIER).kill();
    parts.start(List.of(Parts.Part.NOTIFIER));
    return parts.service(Parts.Part.NOTIFIER);
  }

  private static String cursor(Parts parts) {
    Webhook webhook =
        Webhook.json("pull_request", Payloads.pullRequest("octo-org/past", 80_000, 1));
    parts.sender().send(webhook).is(202);
    parts.api().awaitDelivery(webhook.guid(), Duration.ofSeconds(20));
    return parts.api().cursor("octo-org/past", 1);
  }

  /// The first scan brings a consumer, and threads that stay. It comes once the memory of events is
  /// full, which takes a slow machine long.
  private void churnUntilThePastIsScanned(Api events, List<Visitor> visitors) {
    await("the past to be scanned")
        .atMost(Duration.ofMinutes(2))
        .pollDelay(Duration.ZERO)
        .until(() -> {
          churn(visitors);
          return events.metric("slipway_live_scanned_records_total") > 0;
        });
  }

  private void churn(List<Visitor> visitors) {
    long end = System.nanoTime() + CHURN.dividedBy(ROUNDS).toNanos();
    var _ =
        Crowd.each(
            visitors,
            VISITORS,
            visitor -> {
              while (System.nanoTime() < end) {
                if (visitor.visit()) {
                  visits.incrementAndGet();
                }
              }
              return visitor;
            });
  }

  private static void awaitNobody(Api events) {
    await("all connections to be forgotten")
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> events.metric("slipway_live_connections") == 0);
  }
}
