package dev.slipway.notifier.hub;

import static dev.slipway.notifier.hub.TestEvents.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.web.ApiException;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

class SelectionTest {
  private static final String UUID_TEXT = "0190B2A0-0000-7000-8000-000000000001";

  @Test
  void noParameterIsEverythingOfTheTenant() {
    assertThat(select())
        .isEqualTo(
            new Subscription(
                "acme",
                Set.of(),
                List.of("/api/v1/pull-requests", "/api/v1/tasks", "/api/v1/sandboxes")));
  }

  @Test
  void everyParameterIsATopicAndWhatToReadAgain() {
    Subscription selected =
        select(
            "repository", "Acme/Site",
            "repository", "acme/other",
            "pull_request", "Acme/Site#7",
            "task_id", UUID_TEXT,
            "sandbox_id", UUID_TEXT,
            "session_id", UUID_TEXT,
            "execution_id", "run 1",
            "squad_id", "s",
            "agent_id", "a/b",
            "last_event_id", "x");

    String id = UUID_TEXT.toLowerCase(java.util.Locale.ROOT);
    assertThat(selected)
        .isEqualTo(
            new Subscription(
                "acme",
                Set.of(
                    "/t/acme/repositories/acme/site",
                    "/t/acme/repositories/acme/other",
                    "/t/acme/pull-requests/acme/site/7",
                    "/t/acme/tasks/" + id,
                    "/t/acme/sandboxes/" + id,
                    "/t/acme/sessions/" + id,
                    "/t/acme/executions/run%201",
                    "/t/acme/squads/s",
                    "/t/acme/agents/a%2Fb"),
                List.of(
                    "/api/v1/pull-requests?repository=Acme/Site",
                    "/api/v1/pull-requests?repository=acme/other",
                    "/api/v1/pull-requests/Acme/Site/7",
                    "/api/v1/tasks/" + id,
                    "/api/v1/sandboxes/" + id,
                    "/api/v1/sessions/" + id,
                    "/api/v1/tasks?execution_id=run%201",
                    "/api/v1/tasks?squad_id=s",
                    "/api/v1/tasks?agent_id=a%2Fb")));
  }

  @Test
  void moreThanAStreamCanMeanIsRefused() {
    String[] many =
        IntStream.range(0, 402)
            .mapToObj(i -> i % 2 == 0 ? "agent_id" : "a" + i)
            .toArray(String[]::new);

    assertThatThrownBy(() -> select(many)).isInstanceOf(ApiException.class);
  }

  @Test
  void anEventIsForItsTenantAndForWhoeverAskedForOneOfItsTopics() {
    Subscription all = new Subscription("acme", Set.of(), List.of());
    Subscription one = new Subscription("acme", Set.of("/a", "/b"), List.of());

    assertThat(all.matches(event(1))).isTrue();
    assertThat(all.matches(event("other", 1, "{}"))).isFalse();
    assertThat(one.matches(event(1, "/c", "/b"))).isTrue();
    assertThat(one.matches(event(1, "/c"))).isFalse();
    assertThat(one.matches(event(1))).isFalse();
    assertThat(one.matches(event("other", 1, "{}", "/a"))).isFalse();
  }

  private static Subscription select(String... namesAndValues) {
    MultiValueMap<String, String> query = new LinkedMultiValueMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      query.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return Selection.of(query, "acme");
  }
}
