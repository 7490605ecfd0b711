package dev.slipway.standalone.chaos;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A local double as one sees it who makes it misbehave.
///
/// @param control its address without a path
record LocalDouble(JsonClient control) {
  /// Replaces all of its rules.
  void misbehave(List<Rule> rules) throws IOException, InterruptedException {
    JsonNode _ =
        control.require(
            204,
            "PUT",
            "/_slipway/faults",
            Map.of("rules", rules.stream().map(Rule::json).toList()));
  }

  /// How often a route was called since its start.
  long calls(String route) throws IOException, InterruptedException {
    return control.get("/_slipway/calls").json().path(route).asLong(0);
  }
}
