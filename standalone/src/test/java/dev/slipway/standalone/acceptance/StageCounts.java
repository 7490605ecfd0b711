package dev.slipway.standalone.acceptance;

import tools.jackson.databind.JsonNode;

/// What a stage says of one partition.
///
/// @param partition the partition
/// @param nextOffset where it reads next
/// @param seen records read, each offset once
/// @param applied those that were new
/// @param known those whose id had been seen
/// @param dead those that went to the dead-letter topic
record StageCounts(int partition, long nextOffset, long seen, long applied, long known, long dead) {

  static StageCounts of(JsonNode row) {
    return new StageCounts(
        row.path("partition").asInt(),
        row.path("next_offset").asLong(),
        row.path("seen").asLong(),
        row.path("applied").asLong(),
        row.path("known").asLong(),
        row.path("dead").asLong());
  }
}
