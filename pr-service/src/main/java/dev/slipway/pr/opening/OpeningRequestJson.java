package dev.slipway.pr.opening;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Body of `POST /api/v1/github/pull-requests`; what is null or left out has its default, of a task
/// what that has.
public record OpeningRequestJson(
    @Nullable UUID taskId,
    @Nullable String repositoryUrl,
    @Nullable String head,
    @Nullable String base,
    @Nullable String title,
    @Nullable String body,
    @Nullable Boolean draft,
    @Nullable List<String> labels) {}
