package dev.slipway.web.health;

import dev.slipway.pipeline.observability.LivenessCheck;
import dev.slipway.pipeline.observability.ReadinessCheck.Status;
import dev.slipway.web.health.Readiness.Report;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// What orchestrators and scrapers ask, without a token.
@RestController
final class HealthController {
  private static final String PROMETHEUS_TEXT = "text/plain;version=0.0.4;charset=utf-8";

  private final List<LivenessCheck> liveness;
  private final Readiness readiness;
  private final PrometheusMeterRegistry metrics;

  HealthController(
      List<LivenessCheck> liveness, Readiness readiness, PrometheusMeterRegistry metrics) {
    this.liveness = List.copyOf(liveness);
    this.readiness = readiness;
    this.metrics = metrics;
  }

  /// The process runs: 200, else 503, and only restarting it helps. Says nothing about what it
  /// needs: restarting it would not bring that back.
  @GetMapping({"/health", "/healthz"})
  ResponseEntity<Map<String, Status>> alive() {
    Status status = liveness.stream().allMatch(LivenessCheck::isAlive) ? Status.UP : Status.DOWN;
    return answer(status, Map.of("status", status));
  }

  /// The service can do its work: 200, else 503 with the same body.
  @GetMapping("/readyz")
  Mono<ResponseEntity<Report>> ready() {
    return readiness.report().map(report -> answer(report.status(), report));
  }

  private static <T> ResponseEntity<T> answer(Status status, T body) {
    return ResponseEntity.status(
            status == Status.UP ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .body(body);
  }

  @GetMapping("/metrics")
  Mono<ResponseEntity<String>> metrics() {
    // Off the event loop: it walks every meter, and a gauge may be slow.
    return Mono.fromSupplier(metrics::scrape)
        .subscribeOn(Schedulers.boundedElastic())
        .map(text ->
            ResponseEntity.ok().contentType(MediaType.parseMediaType(PROMETHEUS_TEXT)).body(text));
  }
}
