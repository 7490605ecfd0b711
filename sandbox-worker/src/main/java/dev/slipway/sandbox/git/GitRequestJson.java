package dev.slipway.sandbox.git;

import dev.slipway.sandbox.sandbox.GitAuthor;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Bodies of `POST /api/v1/git/…`; what is null or left out has its default.
sealed interface GitRequestJson {
  record CloneJson(
      @NotNull UUID sandboxId,
      @NotNull String repositoryUrl,
      @Nullable String path,
      @Nullable String branch,
      @Nullable Integer depth,
      @Nullable Boolean submodules,
      @Nullable Boolean lfs)
      implements GitRequestJson {}

  record BranchJson(@NotNull UUID sandboxId, @NotNull String path, @NotNull String name)
      implements GitRequestJson {}

  record CommitJson(
      @NotNull UUID sandboxId,
      @NotNull String path,
      @NotNull String message,
      @Valid @Nullable AuthorJson author)
      implements GitRequestJson {
    /// Null for Slipway.
    @Nullable GitAuthor committer() {
      return author == null ? null : new GitAuthor(author.name(), author.email());
    }
  }

  record PushJson(@NotNull UUID sandboxId, @NotNull String path) implements GitRequestJson {}

  record AuthorJson(@NotNull String name, @NotNull String email) {}
}
