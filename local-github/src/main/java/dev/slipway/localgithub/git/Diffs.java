package dev.slipway.localgithub.git;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What differs between two commits.
///
/// @param repository whose
public record Diffs(GitRepository repository) {
  /// A file that differs.
  ///
  /// @param former its name before, null when it had the same
  /// @param sha of its content after, before when it is gone
  /// @param patch null when it is binary, too large, or there is no line of it
  public record Change(
      String path,
      @Nullable String former,
      Kind kind,
      String sha,
      int additions,
      int deletions,
      @Nullable String patch) {}

  public enum Kind {
    ADDED,
    REMOVED,
    MODIFIED,
    RENAMED
  }

  private static final String[] DIFF = {"diff-tree", "-r", "-M", "-z", "--no-commit-id"};
  private static final int LARGEST_PATCH = 1 << 20;

  private record Lines(int added, int deleted, boolean binary) {}

  /// All files that differ, in the order of their paths.
  ///
  /// @param patches whether their lines are wanted, too
  public List<Change> between(String before, String after, boolean patches) {
    Map<String, Lines> lines = lines(before, after);
    List<Change> changes = new ArrayList<>();
    Iterator<String> raw = fields("--raw", "--abbrev=40", before, after);
    while (raw.hasNext()) {
      String[] parts = raw.next().substring(1).split(" ", -1);
      char status = parts[4].charAt(0);
      String first = raw.next();
      String path = status == 'R' ? raw.next() : first;
      Lines counted = lines.getOrDefault(path, new Lines(0, 0, true));
      changes.add(
          new Change(
              path,
              status == 'R' ? first : null,
              switch (status) {
                case 'A' -> Kind.ADDED;
                case 'D' -> Kind.REMOVED;
                case 'R' -> Kind.RENAMED;
                default -> Kind.MODIFIED;
              },
              status == 'D' ? parts[2] : parts[3],
              counted.added,
              counted.deleted,
              !patches || counted.binary ? null : patch(before, after, first, path)));
    }
    return changes;
  }

  /// All of it as one patch, without the content of what is no text.
  public byte[] text(String before, String after) {
    Git.Ended diff = repository.run("diff-tree", "-r", "-p", "-M", "--no-commit-id", before, after);
    String _ = diff.succeeded();
    return diff.out();
  }

  private Map<String, Lines> lines(String before, String after) {
    Map<String, Lines> lines = new HashMap<>();
    Iterator<String> counts = fields("--numstat", before, after);
    while (counts.hasNext()) {
      String[] parts = counts.next().split("\t", 3);
      String path = parts[2];
      if (path.isEmpty()) { // renamed: both names follow
        String _ = counts.next();
        path = counts.next();
      }
      boolean binary = parts[0].equals("-");
      lines.put(
          path,
          new Lines(
              binary ? 0 : Integer.parseInt(parts[0]),
              binary ? 0 : Integer.parseInt(parts[1]),
              binary));
    }
    return lines;
  }

  private Iterator<String> fields(String... arguments) {
    List<String> command = new ArrayList<>(List.of(DIFF));
    command.addAll(List.of(arguments));
    String out = repository.run(command.toArray(String[]::new)).succeeded();
    return out.isEmpty()
        ? List.<String>of().iterator()
        : List.of(out.substring(0, out.length() - 1).split("\0", -1)).iterator();
  }

  private @Nullable String patch(String before, String after, String former, String path) {
    String diff =
        repository
            .run("diff-tree", "-p", "-M", "--no-commit-id", before, after, "--", former, path)
            .succeeded();
    int hunk = diff.indexOf("\n@@ ");
    return hunk < 0 || diff.length() > LARGEST_PATCH
        ? null
        : diff.substring(hunk + 1).stripTrailing();
  }
}
