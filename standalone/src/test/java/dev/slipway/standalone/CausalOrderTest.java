package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CausalOrderTest {
  private static JsonNode item(String event, String cause, String at) {
    return JsonMapper.shared()
        .readTree(
            """
            {"event_id":%s,"delivery_id":"d-%s","cause_id":%s,"at":"%s","type":"%s"}
            """
                .formatted(
                    event.startsWith("d") ? "null" : "\"" + event + "\"",
                    event,
                    cause.isEmpty() ? "null" : "\"" + cause + "\"",
                    at,
                    event));
  }

  private static List<String> ordered(JsonNode... items) {
    return CausalOrder.of(List.of(items)).stream()
        .map(item -> item.path("type").asString(""))
        .toList();
  }

  @Test
  void nothingStandsBeforeItsCauseWhateverTheClocksSay() {
    assertThat(
            ordered(
                item("late", "d-delivery", "09:01"),
                item("effect", "cause", "09:00"),
                item("cause", "", "09:05"),
                item("delivery", "", "09:03"),
                item("alone", "elsewhere", "09:02")))
        .containsExactly("alone", "delivery", "late", "cause", "effect");
  }

  @Test
  void whatTwoTimelinesHaveStandsOnceAndMomentsKeepTheirOrder() {
    JsonNode first = item("a", "", "09:00");

    assertThat(ordered(first, item("c", "a", "09:00"), item("b", "a", "09:00"), first))
        .containsExactly("a", "c", "b");
  }
}
