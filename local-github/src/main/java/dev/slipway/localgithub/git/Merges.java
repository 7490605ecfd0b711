package dev.slipway.localgithub.git;

import dev.slipway.localgithub.git.Commit.Signature;
import java.util.List;
import java.util.Optional;

/// Brings branches together without a work tree.
///
/// @param repository whose
public record Merges(GitRepository repository) {
  /// The tree that a merge comes to; nothing when it has conflicts.
  public Optional<String> tree(String one, String other) {
    Git.Ended ended = repository.run("merge-tree", "--write-tree", one, other);
    return switch (ended.exit()) {
      case 0 -> Optional.of(ended.text().strip());
      case 1 -> Optional.empty();
      default -> Optional.of(ended.succeeded());
    };
  }

  /// Makes the commits of a branch again on another, one by one.
  ///
  /// @param committer of the new ones; their authors stay
  /// @return the last of them; nothing when there are conflicts
  public Optional<String> rebase(String onto, String head, Signature committer) {
    Commits commits = new Commits(repository);
    String tip = onto;
    for (Commit commit : commits.between(onto, head, Integer.MAX_VALUE)) {
      if (commit.parents().size() != 1) {
        continue; // what a merge brought in is among the others
      }
      Optional<String> tree = applied(commits, tip, commit);
      if (tree.isEmpty()) {
        return Optional.empty();
      }
      tip = commits.create(tree.get(), List.of(tip), commit.message(), commit.author(), committer);
    }
    return Optional.of(tip);
  }

  /// The tree of a commit with the change of another: a merge of both over what the other was made
  /// from. git says by itself what the base of a merge is, so that the one is made a sibling first.
  private Optional<String> applied(Commits commits, String onto, Commit change) {
    String tree = repository.object(onto + "^{tree}").orElseThrow();
    String sibling =
        commits.create(tree, change.parents(), "", change.author(), change.committer());
    return tree(sibling, change.sha());
  }
}
