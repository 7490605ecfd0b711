package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.observability.ReadinessCheck;
import dev.slipway.pipeline.observability.ReadinessCheck.Part;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.web.security.AccessRule;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

class ObservabilityIT {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-01";

  private static TestService service;

  @BeforeAll
  static void start() {
    service = TestService.start(TraceConfiguration.class);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void healthIsUpWhileReadinessTellsWhatIsMissing() {
    for (String path : new String[] {"/health", "/healthz"}) {
      service
          .anonymous()
          .get()
          .uri(path)
          .exchange()
          .expectStatus()
          .isOk()
          .expectBody(String.class)
          .isEqualTo("{\"status\":\"UP\"}");
    }
    service
        .anonymous()
        .get()
        .uri("/readyz")
        .exchange()
        .expectStatus()
        .isEqualTo(503)
        .expectHeader()
        .contentType(MediaType.APPLICATION_JSON)
        .expectBody(String.class)
        .isEqualTo(
            "{\"status\":\"DOWN\",\"checks\":{\"kafka\":\"DOWN\",\"registry\":\"NOT_USED\","
                + "\"database\":\"NOT_USED\",\"stages\":\"NOT_USED\",\"disk\":\"NOT_USED\"},"
                + "\"details\":{\"kafka\":\"No broker: start one.\"}}");
  }

  @Test
  void requestsAreCountedByPatternNeverByPath() {
    for (String name : new String[] {"ann", "bob"}) {
      service.anonymous().get().uri("/open/names/" + name).exchange().expectStatus().isOk();
      service.anonymous().get().uri("/nothing/" + name).exchange().expectStatus().isNotFound();
    }

    String metrics = metrics();

    assertThat(metrics)
        .containsPattern(
            "http_server_requests_seconds_count\\{method=\"GET\",outcome=\"SUCCESS\",status=\"200\","
                + "uri=\"/open/names/\\{name}\"} 2")
        .doesNotContain("bob", "exception=", "http_server_requests_active");
  }

  @Test
  void aRequestsTraceReachesARecordAndItsConsumer() {
    String sent = traceparentOf(SAMPLED);
    Traces traces = service.bean(Traces.class);

    try (Traces.Step step = traces.consuming("deliveries", sent)) {
      String inside = traces.traceparent();
      step.failed(new IllegalStateException("for the span's status"));

      assertThat(sent).matches("00-" + TRACE + "-[0-9a-f]{16}-01").isNotEqualTo(SAMPLED);
      assertThat(inside).matches("00-" + TRACE + "-[0-9a-f]{16}-01").isNotEqualTo(sent);
    }
    assertThat(traces.traceparent()).isNull();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "00-" + TRACE + "-00f067aa0ba902b7-00",
        "nonsense",
        "",
        "00-" + TRACE + "-00f067aa0ba902b7-01-extra"
      })
  void aRecordWithoutSampledTraceCostsNoSpan(@Nullable String traceparent) {
    Traces traces = service.bean(Traces.class);

    try (Traces.Step step = traces.consuming("deliveries", traceparent)) {
      step.failed(new IllegalStateException("nobody looks"));

      assertThat(traces.traceparent()).isNull();
    }
  }

  private static String traceparentOf(String traceparent) {
    return String.valueOf(
        service
            .anonymous()
            .get()
            .uri("/open/trace")
            .header("traceparent", traceparent)
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody());
  }

  private static String metrics() {
    byte[] text =
        service
            .anonymous()
            .get()
            .uri("/metrics")
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody()
            .returnResult()
            .getResponseBody();
    return new String(text == null ? new byte[0] : text, java.nio.charset.StandardCharsets.UTF_8);
  }

  @Configuration(proxyBeanMethods = false)
  @Import(TraceController.class)
  static class TraceConfiguration {
    @Bean
    AccessRule access() {
      return AccessRule.open("/open/**");
    }

    @Bean
    ReadinessCheck kafka() {
      return new ReadinessCheck(
          Part.KAFKA,
          "No broker: start one.",
          Mono.error(new IllegalStateException("not for the outside")));
    }
  }

  @RestController
  static class TraceController {
    private final Traces traces;

    TraceController(Traces traces) {
      this.traces = traces;
    }

    @GetMapping("/open/trace")
    Mono<String> trace() {
      return Mono.deferContextual(context -> Mono.justOrEmpty(traces.traceparent(context)));
    }

    @GetMapping("/open/names/{name}")
    String name(@PathVariable String name) {
      return name;
    }
  }
}
