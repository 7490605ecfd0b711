package dev.slipway.pr.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which deliveries a list wants; null = all.
///
/// @param repository `owner/name`, in any case
/// @param since received at or after
/// @param until received before
/// @param after the last of the page before; null for the first page
/// @param limit most rows
record DeliveryFilter(
    @Nullable String event,
    @Nullable String action,
    @Nullable String repository,
    @Nullable Long number,
    Verdict.@Nullable Outcome outcome,
    @Nullable Instant since,
    @Nullable Instant until,
    @Nullable DeliveryCursor after,
    int limit) {}
