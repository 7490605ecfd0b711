package dev.slipway.pr.github;

import dev.slipway.web.github.AnswerJson;
import java.time.Instant;

/// A call of a webhook in GitHub's own log.
///
/// @param guid of what was delivered, the same for every attempt
/// @param status what became of it, in words
/// @param statusCode what was answered; 0 for nothing
public record HookDelivery(
    long id, String guid, String event, Instant at, String status, int statusCode) {
  static HookDelivery of(AnswerJson json) {
    return new HookDelivery(
        json.number("/id"),
        json.text("/guid"),
        json.text("/event"),
        json.instant("/delivered_at"),
        json.textIfAny("/status").orElse(""),
        json.numberIfAny("/status_code").orElse(0L).intValue());
  }
}
