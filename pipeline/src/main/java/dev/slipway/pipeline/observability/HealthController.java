package dev.slipway.pipeline.observability;

import dev.slipway.pipeline.observability.Readiness.Report;
import dev.slipway.pipeline.observability.Readiness.Status;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
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
  private static final Map<String, Status> ALIVE = Map.of("status", Status.UP);
  private static final String PROMETHEUS_TEXT = "text/plain;version=0.0.4;charset=utf-8";

  private final Readiness readiness;
  private final PrometheusMeterRegistry metrics;

  HealthController(Readiness readiness, PrometheusMeterRegistry metrics) {
    this.readiness = readiness;
    this.metrics = metrics;
  }

  /// The process runs. Says nothing about what it needs: restarting it would not bring that back.
  @GetMapping({"/health", "/healthz"})
  Map<String, Status> alive() {
    return ALIVE;
  }

  /// The service can do its work: 200, else 503 with the same body.
  @GetMapping("/readyz")
  Mono<ResponseEntity<Report>> ready() {
    return readiness
        .report()
        .map(report ->
            ResponseEntity.status(
                    report.status() == Status.UP ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .body(report));
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
