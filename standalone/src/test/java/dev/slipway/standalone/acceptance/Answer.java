package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a server answered.
///
/// @param status the status code
/// @param headers the last value of each header, by lower-case name
/// @param body the body as text
record Answer(int status, Map<String, String> headers, String body) {

  Answer {
    headers = Map.copyOf(headers);
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /// Itself, provided that the status is this one.
  Answer is(int expected) {
    assertThat(status).as("status of %s", body).isEqualTo(expected);
    return this;
  }

  /// Itself, provided that it is a problem as the contract describes it.
  Answer isProblem(int expected, String code) {
    is(expected);
    assertThat(header("content-type").orElse("none"))
        .as("content type of %s", body)
        .startsWith("application/problem+json");
    assertThat(json().path("code").asString()).as("code of %s", body).isEqualTo(code);
    assertThat(json().path("status").asInt()).as("status in %s", body).isEqualTo(expected);
    assertThat(body).doesNotContain("Exception", "\tat ");
    return this;
  }

  JsonNode json() {
    return JsonMapper.shared().readTree(body);
  }
}
