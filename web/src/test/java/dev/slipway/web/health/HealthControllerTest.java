package dev.slipway.web.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.observability.LivenessCheck;
import dev.slipway.pipeline.observability.ReadinessCheck.Status;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.http.ResponseEntity;

class HealthControllerTest {
  @Test
  void onePartThatOnlyARestartMendsMakesTheProcessDown() {
    var alive = new AtomicBoolean(true);
    List<LivenessCheck> checks = List.of(() -> true, alive::get);
    var health =
        new HealthController(
            checks,
            new Readiness(List.of()),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));

    ResponseEntity<Map<String, Status>> before = health.alive();
    alive.set(false);
    ResponseEntity<Map<String, Status>> after = health.alive();

    assertThat(before).isEqualTo(ResponseEntity.ok(Map.of("status", Status.UP)));
    assertThat(after).isEqualTo(ResponseEntity.status(503).body(Map.of("status", Status.DOWN)));
  }
}
