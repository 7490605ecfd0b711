package dev.slipway.standalone.chaos;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a server answered.
///
/// @param next where its next page is, if `Link` names one
/// @param json its body, missing when there is none
record Answer(int status, Optional<String> next, JsonNode json) {
  /// Whether the same may be answered otherwise a little later.
  boolean isForNow() {
    return status == 429 || status >= 500;
  }
}
