package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// `trace` against an API that answers what it is told to.
class TraceCommandTest {
  private static final String TASK = "0198c0de-0000-7000-8000-000000000001";
  private static final String DELIVERY = "72d3162e-cc78-11e3-81ab-4c9367dc0958";
  private static final String STRANGE = "not-a-uuid";
  private static final String TIMELINE = "/timeline?limit=200";

  private final ScriptedApi api = new ScriptedApi();

  @AfterEach
  void close() {
    api.close();
  }

  private static String item(String event, String delivery, String cause, String at, String topic) {
    return """
    {"at":"%s","type":"%s","summary":"s","actor":null,"delivery_id":%s,"event_id":"%s","cause_id":%s,
     "topic":"%s","partition":1,"offset":2}
    """
        .formatted(at, event, quoted(delivery), event, quoted(cause), topic);
  }

  private static String quoted(String text) {
    return text.isEmpty() ? "null" : "\"" + text + "\"";
  }

  private static String page(String... items) {
    return "{\"items\":[%s],\"next_cursor\":null}".formatted(String.join(",", items));
  }

  private void world() {
    api.on(
            "GET /api/v1/tasks/" + TASK,
            """
            {"task_id":"%s","title":"Say more","state":"DONE","repository":{"full_name":"acme/site"},
             "pull_request":{"number":7}}
            """
                .formatted(TASK))
        .on(
            "GET /api/v1/tasks/" + TASK + TIMELINE,
            page(
                item("task.created", "", "", "2026-01-02T03:04:00Z", "task.events"),
                item("task.done", "", "merged", "2026-01-02T03:04:01Z", "task.events")))
        .on(
            "GET /api/v1/pull-requests/acme/site/7",
            "{\"number\":7,\"title\":\"t\",\"state\":\"MERGED\",\"task_id\":\"%s\"}"
                .formatted(TASK))
        .on(
            "GET /api/v1/pull-requests/acme/site/7" + TIMELINE,
            page(item("merged", DELIVERY, "", "2026-01-02T03:04:02Z", "github.deliveries")))
        .on(
            "GET /api/v1/deliveries/" + DELIVERY,
            """
            {"delivery_id":"%s","event":"pull_request","action":"closed","repository":{"full_name":"acme/site"},
             "pull_request":{"number":7},"task_id":null}
            """
                .formatted(DELIVERY))
        .on(
            "GET /api/v1/deliveries/" + STRANGE,
            """
            {"delivery_id":"%s","event":"ping","action":null,"repository":null,"pull_request":null,"task_id":null,
             "outcome":"IGNORED","reason":"ping","received_at":"2026-01-02T03:04:02Z","sender":"ada",
             "position":{"topic":"github.deliveries","partition":3,"offset":9}}
            """
                .formatted(STRANGE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        TASK,
        DELIVERY,
        "acme/site#7",
        "acme/site 7",
        "https://github.com/acme/site/pull/7"
      })
  void itsStoryIsTheSameWhateverOfItIsNamed(String word) {
    world();

    ScriptedApi.Ran ran = api.run(("trace " + word).split(" ", -1));

    assertThat(ran.err()).isEmpty();
    assertThat(ran.exit()).isZero();
    assertThat(ran.out().lines())
        .containsExactly(
            "task " + TASK + ": Say more, DONE",
            "TIME                  TYPE          SUMMARY  ACTOR  POSITION",
            "2026-01-02T03:04:00Z  task.created  s        -      task.events/1@2",
            "2026-01-02T03:04:02Z  merged        s        -      github.deliveries/1@2",
            "2026-01-02T03:04:01Z  task.done     s        -      task.events/1@2");
  }

  @Test
  void aDeliveryThatNothingCameOfIsItsOwnStory() {
    world();

    ScriptedApi.Ran ran = api.run("trace", STRANGE, "--json");

    assertThat(JsonMapper.shared().readTree(ran.out()).at("/items/0"))
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    """
                    {"at":"2026-01-02T03:04:02Z","type":"ping","summary":"IGNORED: ping","actor":"ada",
                     "delivery_id":"not-a-uuid","event_id":null,"cause_id":null,
                     "topic":"github.deliveries","partition":3,"offset":9}
                    """));
  }

  @Test
  void whatIsNotKnownEndsWithOne() {
    assertThat(api.run("trace", TASK).exit()).isEqualTo(1);
    assertThat(api.run("trace", "acme/site#8").err()).contains("no pull request acme/site#8");
  }
}
