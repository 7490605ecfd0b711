package dev.slipway.localgithub.git;

import dev.slipway.localgithub.git.Commit.Signature;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The commits of a repository: reading them and making new ones.
///
/// @param repository whose
public record Commits(GitRepository repository) {
  private static final String FORMAT =
      "--format=%H%x1f%T%x1f%P%x1f%an%x1f%ae%x1f%aI%x1f%cn%x1f%ce%x1f%cI%x1f%B";

  private static final int FIELDS = 10;

  /// Makes a commit, which no reference names yet.
  public String create(
      String tree, List<String> parents, String message, Signature author, Signature committer) {
    List<String> arguments = new ArrayList<>(List.of("commit-tree", tree));
    for (String parent : parents) {
      arguments.addAll(List.of("-p", parent));
    }
    Map<String, String> environment = new HashMap<>();
    put(environment, "AUTHOR", author);
    put(environment, "COMMITTER", committer);
    return repository
        .run(environment, GitRepository.utf8(message), arguments.toArray(String[]::new))
        .succeeded()
        .strip();
  }

  private static void put(Map<String, String> environment, String who, Signature signature) {
    environment.put("GIT_" + who + "_NAME", signature.name());
    environment.put("GIT_" + who + "_EMAIL", signature.email());
    environment.put("GIT_" + who + "_DATE", signature.at().getEpochSecond() + " +0000");
  }

  /// The tree of a single file.
  public String treeOf(String file, byte[] content) {
    String blob = repository.write("blob", content);
    return repository
        .run(Map.of(), GitRepository.utf8("100644 blob %s\t%s\n".formatted(blob, file)), "mktree")
        .succeeded()
        .strip();
  }

  public Optional<Commit> find(String revision) {
    return repository.commit(revision).map(sha -> log("--no-walk", sha).getFirst());
  }

  /// The newest first, as many as are asked for.
  public List<Commit> history(String sha, int skip, int most) {
    return log("--skip=" + skip, "--max-count=" + most, sha);
  }

  /// The newest first that touch a path.
  public List<Commit> historyOf(String sha, String path, int skip, int most) {
    return log("--skip=" + skip, "--max-count=" + most, sha, "--", path);
  }

  /// What one has and the other has not, the oldest first.
  ///
  /// @param most of them, the newest
  public List<Commit> between(String base, String head, int most) {
    return log("--topo-order", "--reverse", "--max-count=" + most, head, "^" + base);
  }

  /// How many commits one has that the other has not.
  public int count(String base, String head) {
    return Integer.parseInt(
        repository.run("rev-list", "--count", head, "^" + base).succeeded().strip());
  }

  public Optional<String> mergeBase(String one, String other) {
    Git.Ended ended = repository.run("merge-base", one, other);
    return ended.exit() == 0 ? Optional.of(ended.text().strip()) : Optional.empty();
  }

  private List<Commit> log(String... arguments) {
    List<String> command = new ArrayList<>(List.of("log", "-z", FORMAT));
    command.addAll(List.of(arguments));
    List<Commit> commits = new ArrayList<>();
    for (String line : repository.run(command.toArray(String[]::new)).succeeded().split("\0", -1)) {
      if (!line.isBlank()) {
        commits.add(parse(line.split("\u001f", FIELDS)));
      }
    }
    return commits;
  }

  private static Commit parse(String[] fields) {
    return new Commit(
        fields[0],
        fields[1],
        fields[2].isEmpty() ? List.of() : List.of(fields[2].split(" ")),
        new Signature(fields[3], fields[4], OffsetDateTime.parse(fields[5]).toInstant()),
        new Signature(fields[6], fields[7], OffsetDateTime.parse(fields[8]).toInstant()),
        fields[9].stripTrailing());
  }

  /// The paths that a commit changes.
  public record Paths(List<String> added, List<String> removed, List<String> modified) {
    public static final Paths NONE = new Paths(List.of(), List.of(), List.of());

    private static Paths empty() {
      return new Paths(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  /// What the commits change that one has and the other has not, by their ids.
  ///
  /// @param base nothing for all that the head has
  /// @param most of them, the newest
  public Map<String, Paths> paths(Optional<String> base, String head, int most) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "log",
                "-z",
                "--format=%x01%H",
                "--name-status",
                "--no-renames",
                "--max-count=" + most,
                head));
    base.ifPresent(sha -> command.add("^" + sha));
    Map<String, Paths> all = new HashMap<>();
    Paths current = Paths.NONE;
    Iterator<String> fields =
        List.of(repository.run(command.toArray(String[]::new)).succeeded().split("\0", -1))
            .iterator();
    while (fields.hasNext()) {
      String field = fields.next().strip();
      if (field.startsWith("\u0001")) {
        current = Paths.empty();
        all.put(field.substring(1), current);
      } else if (!field.isEmpty() && fields.hasNext()) {
        (switch (field.charAt(0)) {
              case 'A' -> current.added();
              case 'D' -> current.removed();
              default -> current.modified();
            })
            .add(fields.next());
      }
    }
    return all;
  }
}
