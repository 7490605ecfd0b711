package dev.slipway.standalone.chaos;

import java.util.LinkedHashMap;
import java.util.Map;

/// What a double does wrong, as `PUT /_slipway/faults` takes it.
///
/// @param match method and path, `*` for any one segment
/// @param kind the double's own word
/// @param status of the answer, 0 for the kind's own
/// @param delayMillis how long it takes, where the kind takes time
/// @param times how many requests it is for
record Rule(String match, String kind, int status, int delayMillis, int times) {
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("match", match);
    json.put("kind", kind);
    if (status > 0) {
      json.put("status", status);
    }
    if (delayMillis > 0) {
      json.put("delay_ms", delayMillis);
    }
    json.put("times", times);
    return json;
  }
}
