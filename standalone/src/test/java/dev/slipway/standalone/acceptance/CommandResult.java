package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a command left behind.
///
/// @param exit its exit code
/// @param out its standard output
/// @param err its standard error
record CommandResult(int exit, String out, String err) {

  /// Its standard output, provided that it ended with 0.
  String succeeded() {
    return exited(0).out();
  }

  /// Itself, provided that it ended with this code.
  CommandResult exited(int expected) {
    assertThat(exit).as("exit code%nout: %s%nerr: %s", out, err).isEqualTo(expected);
    return this;
  }

  /// Its standard output as JSON, and nothing but JSON.
  JsonNode json() {
    return JsonMapper.shared().readTree(out);
  }
}
