package dev.slipway.ingress.delivery;

import dev.slipway.web.ApiException;
import dev.slipway.web.ErrorCode;
import java.time.Duration;

/// Answers to deliveries that we cannot take although nothing may be wrong with them.
final class Refusals {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LATER = Duration.ofSeconds(5);

  private Refusals() {}

  static ApiException noRoom() {
    return unavailable("Too many bytes are being received. Send it again.", SOON);
  }

  static ApiException logUnreachable() {
    return unavailable("Kafka cannot be reached. Send it again later.", LATER);
  }

  static ApiException diskNearlyFull() {
    return unavailable("The disk is nearly full. Send it again later.", LATER);
  }

  static ApiException notAcknowledged() {
    return unavailable(
        "Kafka did not acknowledge in time. Send it again: a second copy does no harm.", SOON);
  }

  static ApiException addressesUnknown() {
    return unavailable("Who may send is not known yet. Send it again later.", LATER);
  }

  static ApiException addressNotAllowed() {
    return new ApiException(ErrorCode.FORBIDDEN, "This address may not send webhooks.");
  }

  static ApiException tooSlow() {
    return new ApiException(ErrorCode.MALFORMED, "The body did not arrive in time.");
  }

  static ApiException tooManyBadSignatures() {
    return new ApiException(
            ErrorCode.RATE_LIMITED, "Too many bad signatures from this address in a minute.")
        .retryAfter(Duration.ofMinutes(1));
  }

  private static ApiException unavailable(String detail, Duration retryAfter) {
    return new ApiException(ErrorCode.UNAVAILABLE, detail).retryAfter(retryAfter);
  }
}
