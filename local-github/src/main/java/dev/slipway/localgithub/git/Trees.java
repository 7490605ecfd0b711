package dev.slipway.localgithub.git;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The files of commits.
///
/// @param repository whose
public record Trees(GitRepository repository) {
  private static final Set<String> BAD_NAMES = Set.of("", ".", "..", ".git");

  /// What stands in a tree.
  ///
  /// @param type blob, tree, or commit for a submodule
  /// @param sizeBytes of a blob, else 0
  public record Entry(String mode, String type, String sha, long sizeBytes, String path) {}

  /// Whether files may have this path.
  public static boolean isPath(String path) {
    return Arrays.stream(path.split("/", -1)).noneMatch(BAD_NAMES::contains)
        && path.indexOf('\0') < 0;
  }

  /// What a tree or a commit holds.
  public List<Entry> entries(String sha, boolean recursive) {
    return recursive ? list("-r", "-t", sha) : list(sha);
  }

  public Optional<Entry> find(String commit, String path) {
    return isPath(path) ? list(commit, "--", path).stream().findFirst() : Optional.empty();
  }

  private List<Entry> list(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ls-tree", "-z", "-l"));
    command.addAll(List.of(arguments));
    List<Entry> entries = new ArrayList<>();
    for (String line : repository.run(command.toArray(String[]::new)).succeeded().split("\0", -1)) {
      if (!line.isEmpty()) {
        int tab = line.indexOf('\t');
        String[] parts = line.substring(0, tab).split(" +", 4);
        entries.add(
            new Entry(
                parts[0],
                parts[1],
                parts[2],
                parts[3].equals("-") ? 0 : Long.parseLong(parts[3]),
                line.substring(tab + 1)));
      }
    }
    return entries;
  }

  /// The content of a file.
  public Optional<byte[]> blob(String sha) {
    Git.Ended ended = repository.run("cat-file", "blob", sha);
    return sha.matches("[0-9a-f]{40}") && ended.exit() == 0
        ? Optional.of(ended.out())
        : Optional.empty();
  }

  /// The tree of a commit with a file that is another, new or gone.
  ///
  /// @param blob nothing to have the file gone
  public String with(String commit, String path, Optional<String> blob, String mode) {
    Map<String, String> index = repository.ownIndex();
    try {
      String _ = repository.run(index, new byte[0], "read-tree", commit).succeeded();
      String line =
          blob.map(sha -> mode + " " + sha).orElseGet(() -> "0 " + RefUpdate.NONE)
              + "\t"
              + path
              + "\0";
      String _ =
          repository
              .run(index, GitRepository.utf8(line), "update-index", "-z", "--index-info")
              .succeeded();
      return repository.run(index, new byte[0], "write-tree").succeeded().strip();
    } finally {
      repository.dropIndex(index);
    }
  }
}
