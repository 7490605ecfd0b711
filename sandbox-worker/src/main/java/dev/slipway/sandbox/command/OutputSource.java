package dev.slipway.sandbox.command;

import dev.slipway.schemas.context.Context;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Whose output it is.
///
/// @param operation that runs the command
/// @param sandbox key of the topic
public record OutputSource(
    UUID operation, String sandbox, Context context, @Nullable String traceparent) {}
