package dev.slipway.pr.task;

import org.jspecify.annotations.Nullable;

/// Body of `POST /api/v1/tasks/{id}/assign`.
///
/// @param agentId null for whom the task was made for
record AssignRequestJson(@Nullable String agentId) {
  static final AssignRequestJson NOBODY = new AssignRequestJson(null);
}
