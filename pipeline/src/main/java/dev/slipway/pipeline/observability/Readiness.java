package dev.slipway.pipeline.observability;

import dev.slipway.pipeline.observability.ReadinessCheck.Part;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Asks all [ReadinessCheck]s at once. The answer is kept for half a second, so that probing (which
/// needs no token) cannot be used to load what is behind.
final class Readiness {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration KEPT = Duration.ofMillis(500);

  private final Mono<Report> report;

  Readiness(List<ReadinessCheck> checks) {
    this.report =
        Flux.fromIterable(checks)
            .flatMap(Readiness::ask, Math.max(1, checks.size()))
            .collectList()
            .map(Readiness::report)
            .cache(KEPT);
  }

  Mono<Report> report() {
    return report;
  }

  private static Mono<Answer> ask(ReadinessCheck check) {
    return Mono.defer(check::isUp)
        .timeout(PATIENCE)
        .onErrorReturn(false)
        .defaultIfEmpty(false)
        .map(up -> new Answer(check.part(), up));
  }

  private static Report report(List<Answer> answers) {
    Map<Part, Status> checks = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      checks.put(part, Status.NOT_USED);
    }
    for (Answer answer : answers) {
      checks.merge(
          answer.part(),
          answer.up() ? Status.UP : Status.DOWN,
          (before, now) -> before == Status.DOWN ? before : now);
    }
    Map<String, Status> named = new TreeMap<>();
    checks.forEach((part, status) -> named.put(part.name().toLowerCase(Locale.ROOT), status));
    return new Report(checks.containsValue(Status.DOWN) ? Status.DOWN : Status.UP, named);
  }

  private record Answer(Part part, boolean up) {}

  enum Status {
    UP,
    DOWN,
    /// The service does not need this part.
    NOT_USED
  }

  /// @param checks all four parts, always
  record Report(Status status, Map<String, Status> checks) {}
}
