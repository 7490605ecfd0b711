package dev.slipway.localgithub.check;

import dev.slipway.localgithub.api.Account;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A status of a commit.
///
/// @param state error, failure, pending or success
record CommitStatus(
    long id,
    String sha,
    String state,
    String context,
    @Nullable String description,
    @Nullable String targetUrl,
    Account creator,
    Instant at) {}
