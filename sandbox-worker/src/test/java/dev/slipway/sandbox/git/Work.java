package dev.slipway.sandbox.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.pipeline.operation.Outcome;
import dev.slipway.sandbox.sandbox.GitAuthor;
import dev.slipway.sandbox.sandbox.GitCommit;
import dev.slipway.sandbox.sandbox.GitResult;
import dev.slipway.sandbox.sandbox.SandboxInput;
import dev.slipway.sandbox.sandbox.SandboxOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is done with one repository in a workshop's sandbox.
///
/// @param repository its name on the site
/// @param path where it is in the sandbox
record Work(Workshop workshop, String repository, String path) {
  static final GitAuthor ANN = new GitAuthor("Ann Ö.-M", "ann@example.org");
  static final String BRANCH = "work";

  static Work on(Workshop workshop, String repository) {
    return new Work(workshop, repository, "/home/user/" + repository);
  }

  /// The same, put elsewhere.
  Work at(String folder) {
    return new Work(workshop, repository, "/home/user/" + folder);
  }

  SandboxOperation.Clone clone(int id) {
    return clone(id, null);
  }

  SandboxOperation.Clone clone(int id, @Nullable String branch) {
    return new SandboxOperation.Clone(
        new UUID(1, id), path, workshop.url(repository), branch, 1, false, false);
  }

  SandboxOperation.Clone cloneWithSubmodules() {
    return new SandboxOperation.Clone(
        new UUID(1, 8), path, workshop.url(repository), null, 1, true, false);
  }

  SandboxOperation.Clone cloneWithLfs() {
    return new SandboxOperation.Clone(
        new UUID(1, 8), path, workshop.url(repository), null, 1, false, true);
  }

  SandboxOperation.Branch branch(String name) {
    return new SandboxOperation.Branch(new UUID(2, 1), path, name);
  }

  SandboxOperation.Commit commit(int id, String message) {
    return new SandboxOperation.Commit(new UUID(3, id), path, message, ANN, null);
  }

  SandboxOperation.Commit commitAt(int id, String message, Instant at) {
    return new SandboxOperation.Commit(new UUID(3, id), path, message, ANN, at);
  }

  SandboxOperation.Push push() {
    return new SandboxOperation.Push(new UUID(4, 1), path);
  }

  /// It is cloned, and its branch made.
  void begin() throws InterruptedException {
    var _ = result(workshop.first(clone(1)));
    var _ = result(workshop.first(branch(BRANCH)));
  }

  /// One file is changed, and committed.
  GitCommit committed(int id, String file) throws IOException, InterruptedException {
    write(file, file + id + "\n");
    return ((GitResult.Committed) result(workshop.first(commit(id, file)))).commit();
  }

  void pushed() throws InterruptedException {
    var _ = result(workshop.first(push()));
  }

  /// A file of it on this machine.
  Path file(String name) {
    return workshop.file(path).resolve(name);
  }

  void write(String file, String text) throws IOException {
    Files.createDirectories(file(file).resolve("..").normalize());
    Files.writeString(file(file), text);
  }

  /// Runs git where it is in the sandbox.
  String inside(String... arguments) {
    return Site.git(workshop.file(path), arguments);
  }

  /// Runs git where it is on the site.
  String remote(String... arguments) {
    return Site.git(workshop.site().bare(repository), arguments);
  }

  static GitResult result(Outcome<SandboxInput> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
    return ((SandboxInput.Worked) ((Outcome.Succeeded<SandboxInput>) outcome).input()).result();
  }

  /// What came of it, in a word.
  static String code(Outcome<SandboxInput> outcome) {
    return switch (outcome) {
      case Outcome.Failed<SandboxInput>(var failure, _, _) -> failure.code();
      case Outcome.Later<SandboxInput>(var failure, _) -> "later " + failure.code();
      case Outcome.Cancelled<SandboxInput> _ -> "cancelled";
      case Outcome.Succeeded<SandboxInput>(_, var result) -> "succeeded " + result;
    };
  }

  /// What people are told of a failure.
  static String message(Outcome<SandboxInput> outcome) {
    return ((Outcome.Failed<SandboxInput>) outcome).failure().message();
  }
}
