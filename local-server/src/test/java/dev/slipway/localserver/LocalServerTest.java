package dev.slipway.localserver;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalServerTest {
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Routes routes =
      new Routes()
          .on("GET /things/{id}", exchange -> exchange.answerText(200, exchange.parameter("id")))
          .on(
              "GET /paths/{path*}/end",
              exchange -> exchange.answerText(200, exchange.parameter("path")))
          .on(
              "POST /things/{id}",
              exchange -> {
                String body = exchange.json().path("n").asString("");
                done.add(exchange.parameter("id") + body);
                exchange.answerJson(201, Map.of("done", done.size()));
              });
  private final LocalServer server =
      LocalServer.start(
          Place.local(0),
          "test",
          exchange -> Secrets.matches("key", exchange.header("X-Key")),
          (status, message) -> Map.of("code", status, "message", message),
          exchange -> routes.find(exchange.method(), exchange.path()));

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void callsAreCountedByRouteWhateverComesOfThem() throws Exception {
    assertThat(send("GET", "/things/1", "").body()).isEqualTo("1");
    assertThat(send("GET", "/things/a%2Fb", "").body()).isEqualTo("a/b");
    assertThat(send("POST", "/things/1", "no JSON").statusCode()).isEqualTo(400);
    assertThat(send("GET", "/nothing", "").statusCode()).isEqualTo(404);

    HttpResponse<String> calls = send("GET", "/_slipway/calls", "");

    assertThat(calls.body()).isEqualTo("{\"GET /things/{id}\":2,\"POST /things/{id}\":1}");
  }

  @Test
  void severalSegmentsCanBeOneParameter() throws Exception {
    assertThat(send("GET", "/paths/a/end", "").body()).isEqualTo("a");
    assertThat(send("GET", "/paths/a/b%2Fc/end", "").body()).isEqualTo("a/b/c");
    assertThat(send("GET", "/paths/end", "").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/paths/a/b", "").statusCode()).isEqualTo(404);
  }

  @Test
  void whatControlsTheServerNeedsTheToken() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(server.url().resolve("/_slipway/calls")).build();

    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(401);
  }

  @Test
  void aWrongMethodIsToldTheRightOnes() throws Exception {
    HttpResponse<String> answer = send("DELETE", "/things/1", "");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("GET, POST");
  }

  @Test
  void refusedRequestsAreNotDoneAsOftenAsTheRuleSays() throws Exception {
    rule("{\"match\":\"POST /things/*\",\"kind\":\"refuse\",\"status\":502,\"times\":2}");

    assertThat(send("POST", "/things/1", "{}").statusCode()).isEqualTo(502);
    assertThat(send("GET", "/things/1", "").statusCode()).isEqualTo(200);
    assertThat(send("POST", "/things/1", "{}").statusCode()).isEqualTo(502);
    assertThat(send("POST", "/things/2", "{}").statusCode()).isEqualTo(201);
    assertThat(done).containsExactly("2");
  }

  @Test
  void aLimitSaysWhenToComeAgain() throws Exception {
    rule("{\"match\":\"* /things/*\",\"kind\":\"limit\",\"delay_ms\":2000}");

    HttpResponse<String> answer = send("POST", "/things/1", "{}");

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).contains("2");
    assertThat(done).isEmpty();
  }

  @Test
  void aDroppedAnswerIsOfARequestThatWasDone() throws Exception {
    rule("{\"match\":\"POST /things/*\",\"kind\":\"drop_answer\"}");

    assertThatThrownBy(() -> send("POST", "/things/1", "{}")).isInstanceOf(IOException.class);
    assertThat(done).containsExactly("1");
  }

  @Test
  void aDuplicateIsDoneTwiceAndAnsweredOnce() throws Exception {
    rule("{\"match\":\"POST /things/*\",\"kind\":\"duplicate\"}");

    HttpResponse<String> answer = send("POST", "/things/1", "{\"n\":\"x\"}");

    assertThat(answer.body()).isEqualTo("{\"done\":2}");
    assertThat(done).containsExactly("1x", "1x");
  }

  @Test
  void aReorderedRequestGoesOnOnceTheNextIsAnswered() throws Exception {
    rule("{\"match\":\"POST /things/*\",\"kind\":\"reorder\",\"delay_ms\":600000}");

    CompletableFuture<HttpResponse<String>> first =
        client.sendAsync(request("POST", "/things/1", "{}"), BodyHandlers.ofString());
    CompletableFuture<HttpResponse<String>> second =
        client.sendAsync(request("POST", "/things/2", "{}"), BodyHandlers.ofString());

    assertThat(first.get(30, SECONDS).statusCode()).isEqualTo(201);
    assertThat(second.get(30, SECONDS).statusCode()).isEqualTo(201);
    assertThat(done).containsExactlyInAnyOrder("1", "2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                       | rules must be an array
          {"rules":[7]}                                            | rules[0] must be an object
          {"rules":[],"more":1}                                    | more is unknown
          {"rules":[{"match":"POST","kind":"delay"}]}              | rules[0].match must be
          {"rules":[{"match":"* /x","kind":"odd"}]}                | rules[0].kind must be one of
          {"rules":[{"match":"* /x","kind":"delay","times":0}]}    | rules[0].times must be
          {"rules":[{"match":"* /x","kind":"delay","status":"x"}]} | rules[0].status must be
          {"rules":[{"match":"* /x","kind":"delay","often":1}]}    | rules[0].often is unknown
          """)
  void aBadRuleIsRefusedWithItsFieldAndChangesNothing(String rules, String complaint)
      throws Exception {
    rule("{\"match\":\"POST /things/*\",\"kind\":\"refuse\"}");

    HttpResponse<String> answer = send("PUT", "/_slipway/faults", rules);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(complaint);
    assertThat(send("POST", "/things/1", "{}").statusCode()).isEqualTo(503);
  }

  private void rule(String rule) throws Exception {
    HttpResponse<String> answer = send("PUT", "/_slipway/faults", "{\"rules\":[" + rule + "]}");
    assertThat(answer.statusCode()).isEqualTo(204);
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return client.send(request(method, path, body), BodyHandlers.ofString());
  }

  private HttpRequest request(String method, String path, String body) {
    return HttpRequest.newBuilder(server.url().resolve(path))
        .header("X-Key", "key")
        .method(method, BodyPublishers.ofString(body))
        .build();
  }
}
