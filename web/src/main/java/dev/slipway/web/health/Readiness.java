package dev.slipway.web.health;

import dev.slipway.pipeline.observability.ReadinessCheck;
import dev.slipway.pipeline.observability.ReadinessCheck.Finding;
import dev.slipway.pipeline.observability.ReadinessCheck.Part;
import dev.slipway.pipeline.observability.ReadinessCheck.Status;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            .flatMapSequential(Readiness::ask, Math.max(1, checks.size()))
            .collectList()
            .map(Readiness::report)
            .cache(KEPT);
  }

  Mono<Report> report() {
    return report;
  }

  private static Mono<Answer> ask(ReadinessCheck check) {
    Finding failed = Finding.down(check.remedy());
    return check
        .finding()
        .timeout(PATIENCE)
        .onErrorReturn(failed)
        .defaultIfEmpty(failed)
        .map(finding -> new Answer(check.part(), finding));
  }

  private static Report report(List<Answer> answers) {
    Map<String, Status> checks = new LinkedHashMap<>();
    Map<String, String> details = new LinkedHashMap<>();
    for (Part part : Part.values()) {
      Finding finding =
          Finding.worstOf(
              answers.stream()
                  .filter(answer -> answer.part() == part)
                  .map(Answer::finding)
                  .toList());
      checks.put(part.key(), finding.status());
      if (!finding.detail().isEmpty()) {
        details.put(part.key(), finding.detail());
      }
    }
    return new Report(
        checks.containsValue(Status.DOWN) ? Status.DOWN : Status.UP,
        Collections.unmodifiableMap(checks),
        Collections.unmodifiableMap(details));
  }

  private record Answer(Part part, Finding finding) {}

  /// @param status [Status#UP] or [Status#DOWN]
  /// @param checks every part, always
  /// @param details a sentence with the remedy for each part that is down or degraded
  record Report(Status status, Map<String, Status> checks, Map<String, String> details) {}
}
