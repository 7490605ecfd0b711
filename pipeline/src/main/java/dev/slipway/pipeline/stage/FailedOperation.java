package dev.slipway.pipeline.stage;

import java.util.UUID;

/// An operation that ended without an outcome of its own.
///
/// @param kind such as `create_sandbox`
public record FailedOperation(UUID id, String kind, Failure failure) {}
