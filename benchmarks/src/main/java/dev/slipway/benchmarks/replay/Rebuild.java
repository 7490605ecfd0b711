package dev.slipway.benchmarks.replay;

import dev.slipway.benchmarks.Contestant;
import dev.slipway.benchmarks.Sample;
import dev.slipway.benchmarks.SlipwayParts;
import java.io.IOException;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `rebuild --verify` of all that pr-service has seen: folding the log, and comparing every row.
record Rebuild(SlipwayParts slipway) implements Contestant {
  @Override
  public String name() {
    return "pr-service: rebuild --verify";
  }

  /// @param duration not used: it is the deliveries that are counted
  @Override
  public Sample run(Duration duration) throws IOException, InterruptedException {
    JsonNode rebuild =
        JsonMapper.shared()
            .readTree(
                slipway.call("rebuild", "--stage", "pr-service", "--verify", "--quiet", "--json"))
            .path("rebuilds")
            .path(0);
    long records = rebuild.path("records").asLong();
    long wrong = 0;
    for (JsonNode table : rebuild.path("tables")) {
      wrong +=
          table.path("missing").asLong()
              + table.path("unexpected").asLong()
              + table.path("different").asLong();
    }
    return new Sample(
        records * 1_000.0 / rebuild.path("duration_ms").asLong(), records, null, null, wrong);
  }
}
