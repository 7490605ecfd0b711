package dev.slipway.sandbox.sandbox;

import dev.slipway.schemas.sandbox.Author;
import dev.slipway.schemas.sandbox.GitBranchCreated;
import dev.slipway.schemas.sandbox.GitCloned;
import dev.slipway.schemas.sandbox.GitCommitted;
import dev.slipway.schemas.sandbox.GitPushed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Values of records about repositories, both ways.
final class GitValueCodec {
  private GitValueCodec() {}

  static Object record(UUID operation, GitResult result) {
    return switch (result) {
      case GitResult.Cloned(var path, var url, var branch, var head, var depth) ->
          new GitCloned(operation, path, url, branch, head, depth);
      case GitResult.BranchCreated(var path, var branch, var head) ->
          new GitBranchCreated(operation, path, branch, head);
      case GitResult.Committed(var path, var commit, var files, var patch) ->
          new GitCommitted(
              operation,
              path,
              commit.sha(),
              commit.tree(),
              commit.parent(),
              commit.message(),
              new Author(commit.author().name(), commit.author().email()),
              commit.at(),
              files,
              patch == null ? null : ByteBuffer.wrap(patch.getBytes(StandardCharsets.ISO_8859_1)));
      case GitResult.Pushed(var path, var branch, var sha) ->
          new GitPushed(operation, path, branch, sha);
    };
  }

  static SandboxEvent event(GitCloned cloned) {
    return new SandboxEvent.GitDone(
        cloned.getOperationId(),
        new GitResult.Cloned(
            cloned.getPath(),
            cloned.getRepositoryUrl(),
            cloned.getBranch(),
            cloned.getHeadSha(),
            cloned.getDepth()));
  }

  static SandboxEvent event(GitBranchCreated created) {
    return new SandboxEvent.GitDone(
        created.getOperationId(),
        new GitResult.BranchCreated(created.getPath(), created.getBranch(), created.getHeadSha()));
  }

  static SandboxEvent event(GitCommitted committed) {
    return new SandboxEvent.GitDone(
        committed.getOperationId(),
        new GitResult.Committed(
            committed.getPath(),
            new GitCommit(
                committed.getSha(),
                committed.getTree(),
                committed.getParent(),
                committed.getMessage(),
                new GitAuthor(committed.getAuthor().getName(), committed.getAuthor().getEmail()),
                committed.getCommittedAt()),
            committed.getFilesChanged(),
            committed.getPatch() == null
                ? null
                : StandardCharsets.ISO_8859_1.decode(committed.getPatch().duplicate()).toString()));
  }

  static SandboxEvent event(GitPushed pushed) {
    return new SandboxEvent.GitDone(
        pushed.getOperationId(),
        new GitResult.Pushed(pushed.getPath(), pushed.getBranch(), pushed.getSha()));
  }

  static @Nullable GitAuthor author(@Nullable Author author) {
    return author == null ? null : new GitAuthor(author.getName(), author.getEmail());
  }
}
