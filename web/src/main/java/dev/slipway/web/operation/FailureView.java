package dev.slipway.web.operation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Why something failed, as the API shows it.
///
/// @param at when
public record FailureView(String code, String message, boolean retryable, @Nullable Instant at) {}
