package dev.slipway.localgithub.repository;

import dev.slipway.localgithub.git.RefUpdate;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is not done to the branches of a repository, by a rule that is not of one branch alone.
///
/// @param include which branches it is about: `~ALL`, `~DEFAULT_BRANCH` or patterns of full names
/// @param exclude which of them it is not about
/// @param rules what is not done to them
record Ruleset(
    long id,
    String name,
    boolean active,
    List<String> include,
    List<String> exclude,
    List<Rule> rules,
    Instant createdAt) {
  enum Rule {
    CREATION("Cannot create ref due to creations being restricted."),
    UPDATE("Cannot update this protected ref."),
    DELETION("Cannot delete this protected ref.");

    private final String refusal;

    Rule(String refusal) {
      this.refusal = refusal;
    }

    private boolean isBrokenBy(RefUpdate update) {
      return switch (this) {
        case CREATION -> update.isCreation();
        case UPDATE -> !update.isCreation() && !update.isDeletion();
        case DELETION -> update.isDeletion();
      };
    }
  }

  public Ruleset {
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    rules = List.copyOf(rules);
  }

  /// Why a branch may not be changed so.
  Optional<String> refusal(RefUpdate update, String defaultBranch) {
    if (!active
        || !update.ref().startsWith(Protections.BRANCHES)
        || include.stream().noneMatch(each -> isNamed(each, update.ref(), defaultBranch))
        || exclude.stream().anyMatch(each -> isNamed(each, update.ref(), defaultBranch))) {
      return Optional.empty();
    }
    return rules.stream()
        .filter(rule -> rule.isBrokenBy(update))
        .findFirst()
        .map(rule -> rule.refusal);
  }

  private static boolean isNamed(String pattern, String ref, String defaultBranch) {
    return switch (pattern) {
      case "~ALL" -> true;
      case "~DEFAULT_BRANCH" -> ref.equals(Protections.BRANCHES + defaultBranch);
      default -> FileSystems.getDefault().getPathMatcher("glob:" + pattern).matches(Path.of(ref));
    };
  }
}
