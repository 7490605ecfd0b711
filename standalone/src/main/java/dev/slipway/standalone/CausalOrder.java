package dev.slipway.standalone;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import tools.jackson.databind.JsonNode;

/// Items of timelines in the order in which one led to the other; what did not, in that of time.
final class CausalOrder {
  private CausalOrder() {}

  /// What waits for its cause.
  ///
  /// @param place among those of the same moment
  private record Waiting(JsonNode item, String at, int place) {}

  /// Each once, none before what it followed from. Clocks of several machines differ, so that times
  /// alone do not tell.
  static List<JsonNode> of(List<JsonNode> items) {
    Map<String, Waiting> known = new LinkedHashMap<>();
    for (JsonNode item : items) {
      var waiting = new Waiting(item, item.path("at").asString(""), known.size());
      var _ = known.putIfAbsent(id(item, known.size()), waiting);
    }
    Map<String, List<String>> effects = new HashMap<>();
    PriorityQueue<Waiting> ready =
        new PriorityQueue<>(Comparator.comparing(Waiting::at).thenComparingInt(Waiting::place));
    Map<Waiting, String> ids = new HashMap<>();
    known.forEach((id, waiting) -> {
      ids.put(waiting, id);
      String cause = waiting.item().path("cause_id").asString("");
      if (known.containsKey(cause) && !cause.equals(id)) {
        effects.computeIfAbsent(cause, _ -> new ArrayList<>()).add(id);
      } else {
        ready.add(waiting);
      }
    });
    List<JsonNode> ordered = new ArrayList<>();
    for (Waiting next = ready.poll(); next != null; next = ready.poll()) {
      ordered.add(next.item());
      effects
          .getOrDefault(ids.getOrDefault(next, ""), List.of())
          .forEach(id -> ready.add(known.get(id)));
    }
    return ordered;
  }

  private static String id(JsonNode item, int place) {
    return item.path("event_id")
        .stringValueOpt()
        .or(() -> item.path("delivery_id").stringValueOpt())
        .orElse("item " + place);
  }
}
