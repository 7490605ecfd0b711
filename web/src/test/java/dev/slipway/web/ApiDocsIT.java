package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.EntityExchangeResult;

class ApiDocsIT {
  private static final Pattern SCRIPT = Pattern.compile("<script([^>]*)>([^<]*)</script>");

  private static TestService service;

  @BeforeAll
  static void start() {
    service = TestService.start();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void descriptionNamesPathsTokensAndProblemsAndNothingInternal() {
    service
        .anonymous()
        .get()
        .uri("/v3/api-docs")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.paths['/api/v1/things/{id}'].get.parameters.length()")
        .isEqualTo(1)
        .jsonPath("$.paths['/health']")
        .doesNotExist()
        .jsonPath("$.components.securitySchemes.bearer.scheme")
        .isEqualTo("bearer")
        .jsonPath("$.components.schemas.Seen.properties.thing_id.format")
        .isEqualTo("uuid")
        .jsonPath("$.components.schemas.Problem.properties.code.enum[0]")
        .isEqualTo("malformed")
        .jsonPath("$.components.schemas.Problem.properties.status.type")
        .isEqualTo("integer")
        .jsonPath("$.paths['/api/v1/things'].post.responses.default.content")
        .value(content -> assertThat(content.toString()).contains("application/problem+json"));
  }

  @Test
  void pageLoadsWithScriptsOfItsOwnOnly() {
    URI page =
        service
            .anonymous()
            .get()
            .uri("/docs")
            .exchange()
            .expectStatus()
            .isFound()
            .returnResult(Void.class)
            .getResponseHeaders()
            .getLocation();
    String html = body(String.valueOf(page));

    Matcher scripts = SCRIPT.matcher(html);

    assertThat(scripts.results())
        .isNotEmpty()
        .allSatisfy(script -> {
          assertThat(script.group(2)).isBlank();
          assertThat(script.group(1)).contains("src=\"./");
        });
    assertThat(body("/swagger-ui/swagger-initializer.js")).contains("/v3/api-docs/swagger-config");
    assertThat(body("/v3/api-docs/swagger-config")).contains("\"url\":\"/v3/api-docs\"");
    service
        .anonymous()
        .head()
        .uri("/swagger-ui/swagger-ui-bundle.js")
        .exchange()
        .expectStatus()
        .isOk();
  }

  @Test
  void nobodyChoosesTheHostFromWhichThePageLoads() {
    for (String path :
        List.of("/docs", "/v3/api-docs", "/v3/api-docs/swagger-config", "/swagger-ui/index.html")) {
      var answer =
          service
              .anonymous()
              .get()
              .uri(path)
              .header("X-Forwarded-Host", "evil.example")
              .header("X-Forwarded-Prefix", "/evil.example")
              .header("Forwarded", "host=evil.example")
              .exchange()
              .expectBody(String.class)
              .returnResult();

      assertThat(answer.getResponseHeaders() + String.valueOf(answer.getResponseBody()))
          .doesNotContain("evil.example");
    }
  }

  private static String body(String path) {
    EntityExchangeResult<byte[]> result =
        service
            .anonymous()
            .get()
            .uri(path)
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody()
            .returnResult();
    byte[] content = result.getResponseBody();
    return content == null ? "" : new String(content, StandardCharsets.UTF_8);
  }
}
