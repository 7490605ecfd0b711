package dev.slipway.pr.reading;

import tools.jackson.databind.json.JsonMapper;

/// What is kept as JSON in the columns of rows.
final class ReadingJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ReadingJson() {}

  static String write(Object value) {
    return JSON.writeValueAsString(value);
  }

  static ReadingState state(String json) {
    return JSON.readValue(json, ReadingState.class);
  }

  static ReadPullRequest operation(String json) {
    return JSON.readValue(json, ReadPullRequest.class);
  }
}
