package dev.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.web.security.Scope;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

class ProblemsIT {
  private static TestService service;

  @BeforeAll
  static void start() {
    service = TestService.start();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          GET,    /nothing,                              404, not_found
          GET,    /api/v1/nothing,                       404, not_found
          GET,    /actuator,                             404, not_found
          GET,    /actuator/env,                         404, not_found
          DELETE, /api/v1/things,                        405, method_not_allowed
          GET,    /api/v1/things/no-uuid,                400, malformed
          GET,    /api/v1/things?limit=abc,              422, invalid
          GET,    /api/v1/things?limit=0,                422, invalid
          GET,    /api/v1/things?limit=201,              422, invalid
          GET,    /api/v1/things/by-filter?limit=0,      422, invalid
          GET,    /api/v1/things/by-filter?since=monday, 422, invalid
          GET,    /api/v1/things/required,               422, invalid
          GET,    /api/v1/things/1-1-1-1-1,              400, malformed
          GET,    /api/v1/things/0197c0de000070008000000000000001, 400, malformed
          GET,    /api/v1/things/numbered/0,             400, malformed
          GET,    /api/v1/things/numbered/0xA,           400, malformed
          GET,    /api/v1/things/numbered/+10,           400, malformed
          GET,    /api/v1/things/numbered/010,           400, malformed
          GET,    /api/v1/things/numbered/%20 7,         400, malformed
          GET,    /api/v1/things/numbered/٧,             400, malformed
          GET,    /api/v1/things/numbered/99999999999999999999, 400, malformed
          GET,    /api/v1/things?limit=0x10,             422, invalid
          GET,    /api/v1/things?limit=010,              422, invalid
          GET,    /api/v1/things?limit=4294967297,       422, invalid
          BREW,   /api/v1/things,                        405, method_not_allowed
          TRACE,  /open/hello,                           405, method_not_allowed
          GET,    /api/v1/things/illegal,                409, illegal_state
          GET,    /api/v1/things/away,                   503, unavailable
          GET,    /api/v1/things/bug,                    500, internal
          GET,    /api/v1/admin/anything,                403, forbidden
          """)
  void everyFailureIsAProblem(HttpMethod method, String path, int status, String code) {
    ResponseSpec answer = tasks().method(method).uri(path).exchange();

    expectProblem(answer, status, code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"title": "a", "count": 1, "parts": [{"part_name": "p"}]}    | 201 |           |                    |
          ''                                                           | 400 | malformed |                    |
          {"title"                                                     | 400 | malformed |                    |
          {"title": "a", "title": "b", "parts": []}                    | 400 | malformed |                    |
          {"title": "a", "parts": [], "colour": 1}                     | 422 | invalid   | colour             | unknown_field
          {"title": "a", "count": "1", "parts": []}                    | 422 | invalid   | count              | wrong_type
          {"title": "a", "count": 1.5, "parts": []}                    | 422 | invalid   | count              | wrong_type
          {"title": "a", "parts": [{"part_name": {}}]}                 | 422 | invalid   | parts[0].part_name | wrong_type
          {"title": " ", "parts": []}                                  | 422 | invalid   | title              | not_blank
          {"title": "a", "parts": [{"part_name": "p"}, {"part_name": null}]} | 422 | invalid | parts[1].part_name | not_blank
          []                                                           | 422 | invalid   | ''                 | wrong_type
          {"title": "a", "count": 9223372036854775808, "parts": []}    | 422 | invalid   | count              | wrong_type
          {"title": "a", "parts": [], "since": "9999-12-31T23:59:59.999Z"}      | 201 |         |       |
          {"title": "a", "parts": [], "since": "0001-01-01T02:00:00+02:00"}     | 201 |         |       |
          {"title": "a", "parts": [], "since": "+999999999-12-31T23:59:59.999Z"} | 422 | invalid | since | wrong_type
          {"title": "a", "parts": [], "since": "+10000-01-01T00:00:00Z"}        | 422 | invalid | since | wrong_type
          {"title": "a", "parts": [], "since": "0000-12-31T23:59:59Z"}          | 422 | invalid | since | wrong_type
          {"title": "a", "parts": [], "since": "-1000000000-01-01T00:00Z"}      | 422 | invalid | since | wrong_type
          {"title": "a", "parts": [], "since": ""}                              | 422 | invalid | since | wrong_type
          {"title": "a", "parts": [], "since": 5}                               | 422 | invalid | since | wrong_type
          {"title": "a", "parts": [], "since": 5.5}                             | 422 | invalid | since | wrong_type
          """)
  void bodiesAreReadStrictly(
      String body,
      int status,
      @Nullable String code,
      @Nullable String field,
      @Nullable String why) {
    ResponseSpec answer = post(MediaType.APPLICATION_JSON, body);

    if (code == null) {
      answer.expectStatus().isEqualTo(status);
    } else if (field == null) {
      expectProblem(answer, status, code);
    } else {
      expectProblem(answer, status, code)
          .jsonPath("$.errors[0].field")
          .isEqualTo(field)
          .jsonPath("$.errors[0].code")
          .isEqualTo(String.valueOf(why))
          .jsonPath("$.errors[0].detail")
          .isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+999999999-12-31T23:59:59Z",
        "+10000-01-01T00:00:00Z",
        "0000-12-31T23:59:59Z",
        "-1000000000-01-01T00:00:00Z",
        "Thu, 1 Jan 1970 00:00:00 GMT",
        "5"
      })
  void aTimeThatNoStoreCanHoldIsNotValid(String time) {
    ResponseSpec answer =
        tasks().get().uri("/api/v1/things/by-filter?since={time}", time).exchange();

    expectProblem(answer, 422, "invalid").jsonPath("$.errors[0].field").isEqualTo("since");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          /api/v1/things?lim=1,                      lim,    unknown_field
          /api/v1/things?limit=1&Limit=1,            Limit,  unknown_field
          /api/v1/things?limit=1&limit=2,            limit,  repeated
          /api/v1/things/by-filter?limit=1&until=x,  until,  unknown_field
          /api/v1/things/numbered/1?verbose,         verbose, unknown_field
          /api/v1/things/illegal?a=1,                a,      unknown_field
          """)
  void aParameterThatNobodyReadsIsRefusedAndNamed(String path, String field, String why) {
    expectProblem(tasks().get().uri(path).exchange(), 422, "invalid")
        .jsonPath("$.errors[0].field")
        .isEqualTo(field)
        .jsonPath("$.errors[0].code")
        .isEqualTo(why);
  }

  @Test
  void parametersThatAreReadAreTakenAndOutsideOfTheApiAnyAre() {
    for (String path :
        new String[] {
          "/api/v1/things?limit=7",
          "/api/v1/things/by-filter?limit=1",
          "/api/v1/things/several?name=a&name=b",
          "/open/hello?a=1",
          "/readyz?verbose"
        }) {
      // a body that nobody reads would be a buffer that nobody releases
      var _ = tasks().get().uri(path).exchange().expectStatus().isOk().expectBody();
    }
  }

  @Test
  void aBodyTooDeepOrTooLargeIsRefused() {
    expectProblem(post(MediaType.APPLICATION_JSON, "[".repeat(100_000)), 422, "invalid");
    expectProblem(
        post(MediaType.APPLICATION_JSON, "{\"title\": \"" + "a".repeat(3_200_000) + "\"}"),
        413,
        "too_large");
  }

  @Test
  void aForeignContentTypeIsRefusedAndToldWhatIsAccepted() {
    ResponseSpec answer = post(MediaType.APPLICATION_XML, "<a/>");

    answer.expectHeader().exists("Accept");
    expectProblem(answer, 415, "unsupported_media_type");
  }

  @Test
  void aWrongMethodIsToldTheRightOnes() {
    ResponseSpec answer = tasks().delete().uri("/api/v1/things").exchange();

    answer.expectHeader().valueEquals("Allow", "GET, POST");
    expectProblem(answer, 405, "method_not_allowed");
  }

  @Test
  void anOverloadSaysWhenToComeBack() {
    ResponseSpec answer = tasks().get().uri("/api/v1/things/away").exchange();

    answer.expectHeader().valueEquals("Retry-After", "3");
    expectProblem(answer, 503, "unavailable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/things/bug", "/api/v1/things/away"})
  void anAnswerTellsNothingOfTheFailure(String path) {
    String body =
        tasks()
            .get()
            .uri(path)
            .exchange()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody();

    assertThat(body).doesNotContain("select", "Exception", "db.internal", "dev.slipway");
  }

  @Test
  void aDenialNamesTheScope() {
    ResponseSpec answer = service.as(Scope.EVENTS).get().uri("/api/v1/things").exchange();

    answer
        .expectHeader()
        .valueMatches("WWW-Authenticate", ".*error=\"insufficient_scope\", scope=\"tasks\"");
    expectProblem(answer, 403, "forbidden");
  }

  @Test
  void answersAreSnakeCaseWithMillisAndNullsWhateverIsAccepted() {
    tasks()
        .get()
        .uri("/api/v1/things/0197c0de-0000-7000-8000-000000000001")
        .accept(MediaType.TEXT_XML)
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody(String.class)
        .isEqualTo(
            "{\"thing_id\":\"0197c0de-0000-7000-8000-000000000001\",\"tenant\":\"acme\","
                + "\"note\":null,\"seen_at\":\"2026-11-20T07:00:00.123Z\"}");
  }

  private static WebTestClient tasks() {
    return service.as(Scope.TASKS);
  }

  private static ResponseSpec post(MediaType type, String body) {
    return tasks().post().uri("/api/v1/things").contentType(type).bodyValue(body).exchange();
  }

  static WebTestClient.BodyContentSpec expectProblem(ResponseSpec answer, int status, String code) {
    answer.expectStatus().isEqualTo(status);
    answer.expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON);
    return answer
        .expectBody()
        .jsonPath("$.type")
        .isEqualTo("urn:slipway:error:" + code)
        .jsonPath("$.title")
        .isNotEmpty()
        .jsonPath("$.status")
        .isEqualTo(status)
        .jsonPath("$.detail")
        .isNotEmpty()
        .jsonPath("$.code")
        .isEqualTo(code);
  }
}
