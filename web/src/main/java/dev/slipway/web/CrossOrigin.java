package dev.slipway.web;

import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.cors.reactive.DefaultCorsProcessor;

/// Lets pages of the listed origins read the API; those of others are refused. Without cookies:
/// callers show a token.
final class CrossOrigin {
  private CrossOrigin() {}

  static CorsWebFilter filter(List<String> origins) {
    CorsConfiguration rules = new CorsConfiguration();
    rules.setAllowedOrigins(origins);
    rules.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
    rules.setAllowedHeaders(
        List.of(
            HttpHeaders.AUTHORIZATION,
            HttpHeaders.CONTENT_TYPE,
            "Idempotency-Key",
            "Last-Event-ID",
            "Prefer"));
    rules.setExposedHeaders(
        List.of(
            HttpHeaders.LOCATION,
            HttpHeaders.RETRY_AFTER,
            HttpHeaders.WWW_AUTHENTICATE,
            "Slipway-Cursor"));
    rules.setMaxAge(Duration.ofHours(1));
    return new CorsWebFilter(_ -> rules, new Processor());
  }

  private static final class Processor extends DefaultCorsProcessor {
    // The default leaves an empty 403 behind.
    @Override
    protected void rejectRequest(ServerHttpResponse response) {
      throw new ApiException(ErrorCode.FORBIDDEN, "Pages of this origin may not call here.");
    }
  }
}
