package dev.slipway.ingress.delivery;

import dev.slipway.web.ApiException;
import dev.slipway.web.DirectRequest;
import dev.slipway.web.ErrorCode;
import java.net.InetAddress;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Decides by everything but the body whether to read it, and counts who is refused too often.
final class Admission {
  private final DeliveryProperties properties;
  private final DeliveryLog deliveries;
  private final Sources sources;
  private final BadSignatures badSignatures;
  private final AllowedAddresses allowed;
  private final LongPredicate diskTakes;

  /// @param diskTakes whether there is room for so many bytes more
  Admission(
      DeliveryProperties properties,
      DeliveryLog deliveries,
      Sources sources,
      BadSignatures badSignatures,
      AllowedAddresses allowed,
      LongPredicate diskTakes) {
    this.properties = properties;
    this.deliveries = deliveries;
    this.sources = sources;
    this.badSignatures = badSignatures;
    this.allowed = allowed;
    this.diskTakes = diskTakes;
  }

  /// Lets a body be read.
  ///
  /// @throws ApiException 403, 413, 415, 401 or 503, in this order
  RequestHead admit(DirectRequest request) {
    if (!allowed.everybody()) {
      allowed.require(source(request));
    }
    RequestHead head = RequestHead.of(request.headers(), properties);
    if (!deliveries.schemaKnown() || !deliveries.reachable()) {
      throw Refusals.logUnreachable();
    }
    if (!diskTakes.test(Math.max(0, head.declaredBytes()))) {
      throw Refusals.diskNearlyFull();
    }
    return head;
  }

  /// The answer to a refused request: 429 in place of 401 for a source that is refused all the
  /// time.
  ApiException refused(DirectRequest request, ApiException refusal) {
    ErrorCode code = refusal.code();
    boolean unsigned = code == ErrorCode.MISSING_SIGNATURE || code == ErrorCode.INVALID_SIGNATURE;
    return unsigned && badSignatures.count(source(request))
        ? Refusals.tooManyBadSignatures()
        : refusal;
  }

  private @Nullable InetAddress source(DirectRequest request) {
    return sources.of(request.headers(), request.remoteAddress());
  }
}
