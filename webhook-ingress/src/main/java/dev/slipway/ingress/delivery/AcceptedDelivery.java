package dev.slipway.ingress.delivery;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A delivery that may be kept: signed, well-formed, and in its signer's scope.
///
/// @param id which the sender is told; unique within the tenant
/// @param body byte for byte as signed; nobody changes it
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; a copy of 36 MiB would cost much
record AcceptedDelivery(
    UUID id,
    String tenant,
    DeliveryHeaders headers,
    Payload payload,
    BodyKind kind,
    byte[] body,
    Instant receivedAt,
    @Nullable String traceparent) {}
