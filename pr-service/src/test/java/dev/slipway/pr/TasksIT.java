package dev.slipway.pr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pr.github.LocalSite;
import dev.slipway.pr.github.TestSite;
import dev.slipway.web.security.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tasks as they are asked for, shown, listed, begun and given up over HTTP.
class TasksIT {
  private static final String TASKS = "/api/v1/tasks";
  private static final JsonMapper JSON = JsonMapper.shared();

  // CONFINED: to the thread of the tests, as all that follow
  private static LocalSite local;
  private static TestSite site;
  private static TestPrService service;

  @BeforeAll
  static void start(@TempDir Path directory) {
    local = LocalSite.start(directory);
    site = local.with("tasks");
    service =
        TestPrService.start(
            "--slipway.github.api-url=" + site.api(),
            "--slipway.github.token=" + site.token().value());
  }

  @AfterAll
  static void stop() {
    service.close();
    local.close();
  }

  private static Map<String, Object> task(String title) {
    return new HashMap<>(
        Map.of(
            "title",
            title,
            "repository_url",
            "http://%s/slipway/tasks".formatted(site.api().getAuthority()),
            "runner",
            Map.of("type", "commands", "commands", List.of("echo hi"))));
  }

  private static Map<String, Object> with(Map<String, Object> body, String key, Object value) {
    body.put(key, value);
    return body;
  }

  private static WebTestClient client() {
    return service.as("default", Scope.TASKS);
  }

  private static Answer post(WebTestClient client, String path, Object body, String... headers) {
    WebTestClient.RequestBodySpec request = client.post().uri(path);
    for (int n = 0; n < headers.length; n += 2) {
      request.header(headers[n], headers[n + 1]);
    }
    return Answer.of(request.bodyValue(body));
  }

  private static Answer get(WebTestClient client, String path, Object... values) {
    return Answer.of(client.get().uri(path, values));
  }

  private record Answer(HttpStatus status, HttpHeaders headers, JsonNode body) {
    static Answer of(WebTestClient.RequestHeadersSpec<?> request) {
      var result = request.exchange().expectBody(String.class).returnResult();
      return new Answer(
          HttpStatus.valueOf(result.getStatus().value()),
          result.getResponseHeaders(),
          JSON.readTree(String.valueOf(result.getResponseBody())));
    }

    String text(String pointer) {
      return body.at(pointer).asString();
    }

    List<String> all(String key) {
      var all = new ArrayList<String>();
      body.path("items").forEach(item -> all.add(item.path(key).asString()));
      return all;
    }
  }

  private static String created(WebTestClient client, Map<String, Object> body) {
    Answer answer = post(client, TASKS, body);
    assertThat(answer.status()).isEqualTo(HttpStatus.ACCEPTED);
    return answer.text("/task_id");
  }

  @Test
  void aTaskIsMadeOnceAndShownAsItWasAskedFor() {
    Map<String, Object> body =
        with(
            with(task("Tidy up"), "agent_id", "ada"),
            "runner",
            Map.of(
                "type",
                "cli",
                "command_line",
                "agent --yes",
                "environment",
                Map.of("KEY", "secret://file/key"),
                "prompt",
                "Tidy up.",
                "prompt_via",
                "file"));

    Answer first = post(client(), TASKS, body, "Idempotency-Key", "once");
    Answer again = post(client(), TASKS, body, "Idempotency-Key", "once");
    Answer other = post(client(), TASKS, task("Other"), "Idempotency-Key", "once");

    String id = first.text("/task_id");
    assertThat(first.headers().getLocation()).hasToString(TASKS + "/" + id);
    assertThat(again.status()).isEqualTo(HttpStatus.ACCEPTED);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(other.text("/code")).isEqualTo("key_reused");
    Answer shown = get(client(), TASKS + "/" + id);
    assertThat(shown.headers().containsHeader("Slipway-Cursor")).isTrue();
    assertThat(shown.body()).isEqualTo(first.body());
    assertThat(shown.text("/state")).isEqualTo("TODO");
    assertThat(shown.text("/repository/full_name")).isEqualTo("slipway/tasks");
    assertThat(shown.body().path("runner"))
        .isEqualTo(
            JSON.readTree(
                """
                {"type":"cli","command_line":"agent --yes","environment":{"KEY":"secret://file/key"},
                  "prompt":"Tidy up.","prompt_via":"file"}
                """));
    assertThat(shown.text("/context/user_id")).isEqualTo("alice");
    assertThat(shown.text("/context/task_id")).isEqualTo(id);
    assertThat(shown.body().path("pull_request").isNull()).isTrue();
    assertThat(shown.body().path("deadline_at").isString()).isTrue();
    assertThat(shown.body().path("version").asLong()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "title | | title",
        "title | \" \" | title",
        "repository_url | \"ftp://x/y/z\" | repository_url",
        "repository_url | \"https://github.com/acme/site\" | repository_url",
        "runner | | runner",
        "runner | {} | runner.type",
        "runner | {\"type\":\"magic\"} | runner.type",
        "runner | [] | runner",
        "runner | {\"type\":\"commands\"} | runner.commands",
        "runner | {\"type\":\"commands\",\"commands\":[]} | runner.commands",
        "runner | {\"type\":\"commands\",\"commands\":[null]} | runner.commands",
        "runner | {\"type\":\"commands\",\"commands\":[\"a\"],\"prompt\":\"b\"} | runner.prompt",
        "runner | {\"type\":\"commands\",\"commands\":[\"a\"],\"shell\":\"b\"} | runner.shell",
        "runner | {\"type\":\"cli\"} | runner.command_line",
        "runner | {\"type\":\"cli\",\"command_line\":\"a\",\"commands\":[]} | runner.commands",
        "runner | {\"type\":\"cli\",\"command_line\":\"a\",\"prompt_via\":\"mail\"} | runner.prompt_via",
        "runner | {\"type\":\"cli\",\"command_line\":\"a\",\"environment\":{\"A\":null}} | runner.environment",
        "labels | [null] | labels",
        "labels | \"a\" | labels",
        "timeout_seconds | 0 | timeout_seconds",
        "timeout_seconds | \"60\" | timeout_seconds",
        "start | \"yes\" | start",
        "base_branch | \"a..b\" | base_branch",
        "session_id | \"me\" | session_id",
        "execution_id | \"\" | execution_id",
        "pull_request | {\"title\":\"a\\nb\"} | pull_request.title",
        "pull_request | {\"reviewer\":\"a\"} | pull_request.reviewer",
        "colour | \"red\" | colour"
      })
  void whatCannotBeIsRefusedAtOnceAndNamesTheField(String field, String value, String named) {
    Map<String, Object> body = task("Wrong");
    body.remove(field);
    if (value != null) {
      body.put(field, JSON.readTree(value));
    }

    Answer answer = post(client(), TASKS, body);

    assertThat(answer.status()).isEqualTo(HttpStatus.UNPROCESSABLE_CONTENT);
    assertThat(answer.text("/code")).isEqualTo("invalid");
    assertThat(answer.text("/errors/0/field")).isEqualTo(named);
  }

  @Test
  void whatSomebodyElseHasIsNotThere() {
    String id = created(service.as("theirs", Scope.TASKS), task("Theirs"));

    for (String path : List.of("", "/diff", "/timeline")) {
      assertThat(get(client(), TASKS + "/" + id + path).text("/code")).isEqualTo("not_found");
    }
    for (String verb : List.of("/assign", "/cancel", "/retry")) {
      assertThat(post(client(), TASKS + "/" + id + verb, Map.of()).text("/code"))
          .isEqualTo("not_found");
    }
    assertThat(post(client(), "/api/v1/github/pull-requests", Map.of("task_id", id)).text("/code"))
        .isEqualTo("not_found");
    assertThat(get(client(), TASKS).all("task_id")).doesNotContain(id);
    assertThat(get(service.as("default", Scope.EVENTS), TASKS).status())
        .isEqualTo(HttpStatus.FORBIDDEN);
    assertThat(get(client(), TASKS + "/1-1-1-1-1").status()).isEqualTo(HttpStatus.BAD_REQUEST);
  }

  @Test
  void aListIsNarrowedByWhatItIsAskedForAndComesPageByPage() {
    WebTestClient client = service.as("listing", Scope.TASKS);
    String run = UUID.randomUUID().toString();
    Map<String, Object> first = with(with(task("1"), "execution_id", run), "squad_id", "blue");
    String one = created(client, with(first, "labels", List.of("a \"b\"", "c")));
    String two = created(client, with(task("2"), "agent_id", "ada"));
    String three = created(client, with(task("3"), "execution_id", run));

    assertThat(get(client, TASKS).all("task_id")).containsExactly(three, two, one);
    assertThat(get(client, TASKS + "?execution_id=" + run).all("task_id"))
        .containsExactly(three, one);
    assertThat(get(client, TASKS + "?squad_id=blue").all("task_id")).containsExactly(one);
    assertThat(get(client, TASKS + "?agent_id=ada").all("task_id")).containsExactly(two);
    assertThat(get(client, TASKS + "?label={l}", "a \"b\"").all("task_id")).containsExactly(one);
    assertThat(get(client, TASKS + "?state=TODO&repository=Slipway/Tasks").all("task_id"))
        .containsExactly(three, two, one);
    assertThat(get(client, TASKS + "?repository=slipway/other").all("task_id")).isEmpty();
    assertThat(get(client, TASKS + "?state=DONE").all("task_id")).isEmpty();
    assertThat(get(client, TASKS + "?state=NONE").text("/code")).isEqualTo("invalid");
    assertThat(get(client, TASKS + "?labels=c").text("/code")).isEqualTo("invalid");
    Answer page = get(client, TASKS + "?limit=2");
    assertThat(page.all("task_id")).containsExactly(three, two);
    Answer last = get(client, TASKS + "?limit=2&cursor=" + page.text("/next_cursor"));
    assertThat(last.all("task_id")).containsExactly(one);
    assertThat(last.body().path("next_cursor").isNull()).isTrue();
  }

  @Test
  void anExecutionCountsItsTasks() {
    WebTestClient client = service.as("counting", Scope.TASKS);
    String left = created(client, with(task("1"), "execution_id", "run 1"));
    String _ = created(client, with(task("2"), "execution_id", "run 1"));
    String _ = created(client, with(task("3"), "execution_id", "run 2"));
    Answer _ = post(client, TASKS + "/" + left + "/cancel", Map.of());

    Answer execution = get(client, "/api/v1/executions/{id}", "run 1");

    assertThat(execution.body().path("tasks"))
        .isEqualTo(
            JSON.readTree(
                """
                {"total":2,"todo":1,"in_progress":0,"in_review":0,"done":0,"failed":0,"cancelled":1,"closed":0}
                """));
    assertThat(execution.body().path("pull_requests"))
        .isEqualTo(JSON.readTree("{\"open\":0,\"merged\":0,\"closed\":0}"));
    assertThat(execution.body().path("finished_at").isNull()).isTrue();
    assertThat(get(client(), "/api/v1/executions/{id}", "run 1").text("/code"))
        .isEqualTo("not_found");
  }

  @Test
  void aTaskIsBegunGivenUpAndTriedAgainAsItsStateAllows() {
    String id = created(client(), task("Begin"));
    String path = TASKS + "/" + id;

    Answer begun = post(client(), path + "/assign", Map.of("agent_id", "bob"));
    Answer twice = post(client(), path + "/assign", Map.of());
    Answer cancelled = post(client(), path + "/cancel", Map.of());
    Answer again = post(client(), path + "/cancel", Map.of());
    Answer retried = post(client(), path + "/retry", Map.of());

    assertThat(begun.status()).isEqualTo(HttpStatus.ACCEPTED);
    assertThat(begun.text("/state")).isEqualTo("IN_PROGRESS");
    assertThat(begun.text("/step")).isEqualTo("CREATING_SANDBOX");
    assertThat(begun.text("/agent_id")).isEqualTo("bob");
    assertThat(begun.text("/branch")).isEqualTo("slipway/" + id);
    assertThat(begun.body().path("attempt").asInt()).isEqualTo(1);
    assertThat(twice.status()).isEqualTo(HttpStatus.CONFLICT);
    assertThat(twice.text("/code")).isEqualTo("illegal_state");
    assertThat(twice.text("/detail")).contains("IN_PROGRESS");
    assertThat(cancelled.text("/state")).isEqualTo("CANCELLED");
    assertThat(cancelled.text("/outcome")).isEqualTo("cancelled");
    assertThat(cancelled.body().path("deadline_at").isNull()).isTrue();
    assertThat(again.text("/code")).isEqualTo("illegal_state");
    assertThat(retried.text("/state")).isEqualTo("IN_PROGRESS");
    assertThat(retried.body().path("attempt").asInt()).isEqualTo(2);
    Answer _ = post(client(), path + "/cancel", Map.of());
    Answer settled = Answer.of(client().get().uri(path).header("Prefer", "wait=30"));
    assertThat(settled.text("/state")).isEqualTo("CANCELLED");
  }
}
