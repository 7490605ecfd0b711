package dev.slipway.sandbox.git;

import dev.slipway.sandbox.provider.ByteRange;
import dev.slipway.sandbox.provider.Command;
import dev.slipway.sandbox.provider.FailureCode;
import dev.slipway.sandbox.provider.ProcessEvent;
import dev.slipway.sandbox.provider.ProcessEvent.Output;
import dev.slipway.sandbox.provider.ProcessStream;
import dev.slipway.sandbox.provider.ProviderRefusedException;
import dev.slipway.sandbox.provider.SandboxSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One operation's work with the git of a sandbox: small scripts, given as arguments. Whatever they
/// say was said by the sandbox, where anybody can make anything say anything.
final class GitInSandbox {
  private static final String PRELUDE = GitScript.read("prelude.sh");
  private static final String LOOK = PRELUDE + GitScript.read("look.sh");
  private static final String PLACE = PRELUDE + GitScript.read("place.sh");
  private static final String CHECKOUT = PRELUDE + GitScript.read("checkout.sh");
  private static final String BRANCH = PRELUDE + GitScript.read("branch.sh");
  private static final String PATCH = PRELUDE + GitScript.read("patch.sh");
  private static final int MOST_ANSWERED = 1 << 20;
  private static final Pattern DIGEST = Pattern.compile("^([0-9a-f]{64}) [ *](\\S+)$");
  private static final Pattern PATCHED =
      Pattern.compile("^patch ([0-9a-f]{40}) (\\d{1,12}) ([0-9a-f]{64})$");

  private final SandboxSession session;
  private final UUID operation;
  private final String path;
  private final Duration timeout;

  /// @param path where the repository is, or will be
  /// @param timeout of each script
  GitInSandbox(SandboxSession session, UUID operation, String path, Duration timeout) {
    this.session = session;
    this.operation = operation;
    this.path = path;
    this.timeout = timeout;
  }

  /// The same operation in a folder of the repository.
  GitInSandbox below(String folder) {
    return new GitInSandbox(session, operation, path + "/" + folder, timeout);
  }

  /// How far a clone has come.
  sealed interface Arrived {
    /// It was renamed: only the files may be missing.
    record Placed() implements Arrived {}

    /// These parts, by digest and name, are there.
    record Parts(Set<String> lines) implements Arrived {}
  }

  /// How far the clone of this operation has come.
  ///
  /// @throws GitException it cannot come at all
  Arrived look() {
    List<String> lines = run(LOOK, path, operation.toString()).lines().toList();
    return switch (lines.isEmpty() ? "" : lines.getFirst()) {
      case "placed" -> new Arrived.Placed();
      case "part" -> {
        var parts = new HashSet<String>();
        for (String line : lines) {
          Matcher digest = DIGEST.matcher(line);
          if (digest.matches()) {
            parts.add(digest.group(1) + "  " + digest.group(2));
          }
        }
        yield new Arrived.Parts(parts);
      }
      case "git_missing" ->
          throw new GitException(
              GitCode.GIT_MISSING,
              "The sandbox has no git of 2.25 or later: use a template that has.");
      case "taken" -> throw taken();
      case "unwritable" ->
          throw new GitException(
              GitCode.VALIDATION_FAILED,
              "The sandbox's user cannot make %s: choose another path.".formatted(path));
      default -> throw failed();
    };
  }

  private GitException taken() {
    return new GitException(
        GitCode.VALIDATION_FAILED,
        "Something is at %s in the sandbox: remove it, or choose another path.".formatted(path));
  }

  private static GitException failed() {
    return new GitException(
        GitCode.COMMAND_FAILED,
        "Git in the sandbox does not do it: is there room, and is the repository whole?");
  }

  /// Brings one part in.
  void send(String name, InputStream content) {
    session.write(folder() + "/.git/slipway/parts/" + name, content);
  }

  private String folder() {
    return path + ".part-" + operation;
  }

  /// Makes a repository of the parts and renames it.
  ///
  /// @param sums of all parts, as `sha256sum` prints them
  /// @param branch empty for none
  void place(List<String> sums, String commit, String branch, String url) {
    String answer =
        run(PLACE, path, operation.toString(), String.join("\n", sums), commit, branch, url);
    switch (answer.strip()) {
      case "placed" -> {
        // it is there
      }
      case "taken" -> throw taken();
      case "damaged" ->
          throw new GitException(GitCode.UNAVAILABLE, "What arrived is not what was sent.");
      default -> throw failed();
    }
  }

  /// Puts the files there.
  void checkOut(String commit) {
    if (!run(CHECKOUT, path, commit).strip().equals("done")) {
      throw failed();
    }
  }

  /// Puts the content of a file there.
  void put(String file, InputStream content) {
    session.write(path + "/" + file, content);
  }

  /// Leaves nothing of a clone that does not come.
  void abandon() {
    session.remove(folder());
    if (session.stat(path + "/.git/slipway/" + operation).isPresent()) {
      session.remove(path);
    }
  }

  /// Makes a branch.
  void branch(String commit, String name) {
    switch (run(BRANCH, path, commit, name).strip()) {
      case "made" -> {
        // it is there
      }
      case "exists" ->
          throw new GitException(
              GitCode.BRANCH_EXISTS,
              "There is a branch %s in the sandbox: choose another name.".formatted(name));
      case "base_not_found" -> throw baseNotFound();
      default -> throw failed();
    }
  }

  private GitException baseNotFound() {
    return new GitException(
        GitCode.BASE_NOT_FOUND,
        "The commit that was cloned is no longer in %s: clone it again.".formatted(path));
  }

  /// A patch that is here.
  ///
  /// @param tree what the sandbox says that it leads to
  record Patch(String tree, Path file) {}

  /// Takes out what was changed.
  ///
  /// @param by the operation that first told the tree
  /// @param tree null for what is there now
  Patch patch(String commit, UUID by, @Nullable String tree, long mostBytes, Path into) {
    var arguments = new ArrayList<>(List.of(path, commit, by.toString(), Long.toString(mostBytes)));
    if (tree != null) {
      arguments.add(tree);
    }
    String answer = run(PATCH, arguments.toArray(String[]::new)).strip();
    Matcher patched = PATCHED.matcher(answer);
    if (patched.matches()) {
      download(
          "/tmp/.slipway/git-" + by + "/patch",
          Long.parseLong(patched.group(2)),
          mostBytes,
          patched.group(3),
          into);
      session.remove("/tmp/.slipway/git-" + by);
      return new Patch(patched.group(1), into);
    }
    throw switch (answer) {
      case "gone" ->
          new GitException(
              GitCode.NOT_FOUND, "There is no repository at %s any more.".formatted(path));
      case "base_not_found" -> baseNotFound();
      case "nested" ->
          new GitException(
              GitCode.VALIDATION_FAILED,
              "Git cannot add all that is in %s: is there a repository within it, or a file that"
                      .formatted(path)
                  + " cannot be read?");
      case "tree_lost" ->
          new GitException(
              GitCode.NOT_FOUND,
              "What was committed is no longer in the sandbox's repository: commit again.");
      case "too_large" ->
          new GitException(
              GitCode.TOO_LARGE,
              "The changes have more than %d MiB as a patch: leave some out."
                  .formatted(mostBytes >> 20));
      default -> failed();
    };
  }

  private void download(String from, long size, long mostBytes, String digest, Path into) {
    if (size > mostBytes
        || copied(from, size, into) != size
        || !Parts.digest(into).equals(digest)) {
      throw new GitException(GitCode.UNAVAILABLE, "What arrived is not what was told.");
    }
  }

  /// The file may have become another since its size was told: a byte more is enough to see that.
  private long copied(String from, long size, Path into) {
    try (InputStream content =
            size == 0
                ? InputStream.nullInputStream()
                : session.read(from, ByteRange.ALL).orElseThrow(GitInSandbox::failed);
        OutputStream file = Files.newOutputStream(into)) {
      return new FirstBytes(content, size + 1).transferTo(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String run(String script, String... arguments) {
    var argv = new ArrayList<>(List.of("/bin/bash", "-c", script, "slipway"));
    argv.addAll(List.of(arguments));
    Command command = Command.of(argv.toArray(String[]::new)).in("/").within(timeout);
    try (ProcessStream stream = session.start(command)) {
      var answer = new ByteArrayOutputStream();
      Optional<ProcessEvent> next = stream.next();
      while (next.isPresent()) {
        if (next.get() instanceof Output(var channel, byte[] bytes)
            && channel == ProcessEvent.Channel.STDOUT
            && answer.size() < MOST_ANSWERED) {
          answer.writeBytes(bytes);
        }
        next = stream.next();
      }
      return answer.toString(StandardCharsets.UTF_8);
    } catch (ProviderRefusedException e) {
      if (e.code() == FailureCode.TIMEOUT) {
        throw new GitException(
            GitCode.TIMEOUT,
            "Git in the sandbox was not done within %d seconds.".formatted(timeout.toSeconds()));
      }
      throw e;
    }
  }
}
