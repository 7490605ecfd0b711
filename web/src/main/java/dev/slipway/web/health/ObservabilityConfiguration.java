package dev.slipway.web.health;

import dev.slipway.pipeline.disk.DiskProperties;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.observability.LivenessCheck;
import dev.slipway.pipeline.observability.ReadinessCheck;
import dev.slipway.pipeline.observability.ReadinessCheck.Finding;
import dev.slipway.pipeline.observability.ReadinessCheck.Part;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.web.security.AccessRule;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/// Health, metrics and traces.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DiskProperties.class)
public class ObservabilityConfiguration {
  private static final String HTTP_REQUESTS = "http.server.requests";

  @Bean
  AccessRule healthAccess() {
    return AccessRule.open("/health", "/healthz", "/readyz", "/metrics");
  }

  @Bean
  HealthController healthController(
      ObjectProvider<LivenessCheck> liveness,
      ObjectProvider<ReadinessCheck> readiness,
      PrometheusMeterRegistry metrics) {
    return new HealthController(
        liveness.stream().toList(), new Readiness(readiness.stream().toList()), metrics);
  }

  @Bean
  DiskSpace diskSpace(DiskProperties properties) {
    return DiskSpace.of(properties);
  }

  @Bean
  ReadinessCheck diskReadiness(DiskSpace disk) {
    return ReadinessCheck.of(
        Part.DISK,
        () -> {
          if (!disk.isWatched()) {
            return Finding.notUsed();
          }
          return disk.isLow() ? Finding.down(disk.describe()) : Finding.up();
        });
  }

  /// One timer per path pattern, method and status: neither exceptions' names nor requests in
  /// flight.
  @Bean
  MeterFilter httpMetrics() {
    return new MeterFilter() {
      @Override
      public Meter.Id map(Meter.Id id) {
        return id.getName().equals(HTTP_REQUESTS)
            ? MeterFilter.ignoreTags("error", "exception").map(id)
            : id;
      }

      @Override
      public MeterFilterReply accept(Meter.Id id) {
        return id.getName().equals(HTTP_REQUESTS + ".active")
            ? MeterFilterReply.DENY
            : MeterFilterReply.NEUTRAL;
      }
    };
  }

  /// Where nobody collects traces, none is begun here; those that callers began go on.
  @Bean
  Sampler sampler(ObjectProvider<SpanExporter> exporters, Environment environment) {
    double ratio =
        exporters.stream().findAny().isEmpty()
            ? 0
            : environment.getRequiredProperty(
                "management.tracing.sampling.probability", Double.class);
    return Sampler.parentBased(Sampler.traceIdRatioBased(ratio));
  }

  @Bean
  Traces traces(Tracer tracer, Propagator propagator) {
    return new Traces(tracer, propagator);
  }
}
