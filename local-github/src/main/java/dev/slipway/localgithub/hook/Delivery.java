package dev.slipway.localgithub.hook;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An event that is sent to a hook once.
///
/// @param guid of the event; a redelivery has the same
/// @param payload the JSON, as it is signed and sent
/// @param outcome null as long as it is under way
record Delivery(
    long id,
    long hook,
    long repository,
    String guid,
    String event,
    @Nullable String action,
    boolean redelivery,
    Instant at,
    String payload,
    @Nullable Outcome outcome) {
  /// What came of it.
  ///
  /// @param url where it went
  /// @param sent the headers
  /// @param code the answer's status, 0 when there was none
  record Outcome(
      String url,
      Map<String, String> sent,
      double seconds,
      int code,
      String status,
      Map<String, String> headers,
      String body) {
    Outcome {
      sent = Map.copyOf(sent);
      headers = Map.copyOf(headers);
    }

    boolean isSuccess() {
      return code >= 200 && code < 400;
    }
  }

  Delivery with(Outcome became) {
    return new Delivery(id, hook, repository, guid, event, action, redelivery, at, payload, became);
  }

  Delivery again(long newId, Instant now) {
    return new Delivery(newId, hook, repository, guid, event, action, true, now, payload, null);
  }
}
