package dev.slipway.pipeline.database;

import org.jspecify.annotations.Nullable;

/// One value that is not what it should be.
///
/// @param key primary key of the row, as `column=value` with spaces between
/// @param column null when the row as a whole is missing or unexpected
/// @param live the value that is there, as JSON has it; null when it is null, or its row missing
/// @param rebuilt the value that should be there; null when it is null, or its row unexpected
public record RowDifference(
    String table,
    String key,
    @Nullable String column,
    @Nullable String live,
    @Nullable String rebuilt) {}
