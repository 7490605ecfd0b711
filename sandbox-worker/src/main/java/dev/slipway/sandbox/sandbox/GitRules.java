package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.BranchName;
import dev.slipway.pipeline.core.BranchPrefix;
import dev.slipway.pipeline.core.FieldRules;
import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.core.Violation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What may be asked of repositories in sandboxes, whoever asks: pure.
public final class GitRules {
  private static final int KIB = 1_024;
  private static final int MOST_MESSAGE_BYTES = 8 * KIB;
  private static final int LONGEST_PATH = 1_024;
  private static final int LONGEST_AUTHOR = 256;
  private static final int DEEPEST = 1_000_000;

  /// What git writes and reads back everywhere.
  private static final Instant EARLIEST = Instant.parse("2001-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("2099-12-31T23:59:59Z");

  private static final Pattern ABSOLUTE =
      Pattern.compile("(/(?!\\.{1,2}(/|$))[^/\\x00-\\x1f\\x7f]+)+");

  private GitRules() {}

  /// Where a repository is put unless somebody says where.
  public static String home(RepositoryUrl url) {
    return "/home/user/" + url.name();
  }

  /// What nobody but a task may ask for.
  public static List<Violation> violations(SandboxOperation.Git wanted, BranchPrefix tasks) {
    List<Violation> found = violations(wanted);
    if (wanted instanceof SandboxOperation.Branch(_, _, var name)
        && found.isEmpty()
        && tasks.taskOf(name).isPresent()) {
      found.add(
          new Violation(
              "name",
              "reserved",
              "Branches below %s are those of tasks.".formatted(tasks.value())));
    }
    return found;
  }

  /// What nobody may ask for.
  static List<Violation> violations(SandboxOperation.Git wanted) {
    var found = new ArrayList<Violation>();
    String path = wanted.path();
    if (path.length() > LONGEST_PATH
        || !ABSOLUTE.matcher(path).matches()
        || !FieldRules.isStorable(path)) {
      found.add(
          new Violation(
              "path",
              "pattern",
              "It must be an absolute path in its shortest form, without '..'."));
    }
    switch (wanted) {
      case SandboxOperation.Clone clone -> clone(found, clone);
      case SandboxOperation.Branch branch -> branch(found, branch.name());
      case SandboxOperation.Commit commit -> commit(found, commit);
      case SandboxOperation.Push _ -> {
        // nothing more is asked for
      }
    }
    return found;
  }

  private static void clone(List<Violation> found, SandboxOperation.Clone clone) {
    if (clone.branch() != null && !BranchName.isOne(clone.branch())) {
      found.add(noBranch("branch"));
    }
    if (clone.depth() < 0 || clone.depth() > DEEPEST) {
      found.add(
          new Violation("depth", "range", "It must be 0, for all, to %d.".formatted(DEEPEST)));
    }
  }

  private static void branch(List<Violation> found, String name) {
    if (!BranchName.isOne(name)) {
      found.add(noBranch("name"));
    }
  }

  private static Violation noBranch(String field) {
    return new Violation(
        field,
        "pattern",
        "It must be a branch's name as git has them, of at most %d characters."
            .formatted(BranchName.LONGEST));
  }

  private static void commit(List<Violation> found, SandboxOperation.Commit commit) {
    if (commit.message().isBlank()
        || !FieldRules.isStorable(commit.message())
        || FieldRules.bytes(commit.message()) > MOST_MESSAGE_BYTES) {
      found.add(
          new Violation(
              "message",
              "size",
              "It must be text that is not blank, of at most %d KiB."
                  .formatted(MOST_MESSAGE_BYTES / KIB)));
    }
    GitAuthor author = commit.author();
    if (author != null) {
      author(found, "author.name", author.name());
      author(found, "author.email", author.email());
    }
    Instant at = commit.at();
    if (at != null
        && (!at.equals(at.truncatedTo(ChronoUnit.SECONDS))
            || at.isBefore(EARLIEST)
            || at.isAfter(LATEST))) {
      found.add(
          new Violation("committed_at", "range", "It must be whole seconds from 2001 to 2099."));
    }
  }

  /// Git leaves out what would break its format: then the commit would not say what was asked for.
  private static void author(List<Violation> found, String field, String text) {
    if (text.isBlank()
        || text.length() > LONGEST_AUTHOR
        || !text.equals(text.strip())
        || !FieldRules.isStorable(text)
        || text.codePoints().anyMatch(c -> Character.isISOControl(c) || c == '<' || c == '>')
        || ".,:;\"'\\".indexOf(text.charAt(0)) >= 0
        || ".,:;\"'\\".indexOf(text.charAt(text.length() - 1)) >= 0) {
      found.add(
          new Violation(
              field,
              "pattern",
              "It must be 1 to %d characters without '<', '>' and marks at its ends."
                  .formatted(LONGEST_AUTHOR)));
    }
  }
}
