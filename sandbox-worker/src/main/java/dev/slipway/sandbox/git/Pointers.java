package dev.slipway.sandbox.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Files of a commit that only point to contents kept by LFS.
///
/// @param all in the order of their paths
record Pointers(List<Pointer> all) {
  private static final int LARGEST = 1_024;
  private static final Pattern ENTRY =
      Pattern.compile("100(?:644|755) ([0-9a-f]{40}) 0\\t(.+)", Pattern.DOTALL);
  private static final Pattern POINTER =
      Pattern.compile(
          "version https://git-lfs\\.github\\.com/spec/v1\\n(?:ext-[^\\n]*\\n)*"
              + "oid sha256:([0-9a-f]{64})\\nsize (\\d{1,15})\\n?");

  Pointers {
    all = List.copyOf(all);
  }

  /// One.
  ///
  /// @param path below the repository
  /// @param oid SHA-256 of its content
  record Pointer(String path, String oid, long sizeBytes) {}

  /// Those of a commit.
  ///
  /// @param scratch an empty folder
  static Pointers of(
      Git git, Path repository, String commit, Path scratch, BooleanSupplier isStopped)
      throws InterruptedException {
    Path index = scratch.resolve("index");
    var reading = new Reading(git, repository, index, isStopped);
    var _ = reading.run(GitRun.of("read-tree", commit));
    Map<String, String> blobs = new HashMap<>();
    for (String line : reading.run(GitRun.of("ls-files", "--stage", "-z")).split("\0", -1)) {
      Matcher entry = ENTRY.matcher(line);
      if (entry.matches()) {
        blobs.put(entry.group(2), entry.group(1));
      }
    }
    List<String> paths = kept(reading, scratch, blobs);
    Map<String, String> contents = contents(reading, scratch, paths.stream().map(blobs::get));
    var found = new ArrayList<Pointer>();
    for (String path : paths) {
      Matcher pointer = POINTER.matcher(contents.getOrDefault(blobs.getOrDefault(path, ""), ""));
      if (pointer.matches()) {
        found.add(
            new Pointer(
                new String(path.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8),
                pointer.group(1),
                Long.parseLong(pointer.group(2))));
      }
    }
    return new Pointers(found);
  }

  private record Reading(Git git, Path repository, Path index, BooleanSupplier isStopped) {
    String run(GitRun run) throws InterruptedException {
      return git.succeed(run.in(repository).with("GIT_INDEX_FILE", index.toString()), isStopped)
          .output();
    }
  }

  /// Paths that LFS keeps, as attributes say.
  private static List<String> kept(Reading reading, Path scratch, Map<String, String> blobs)
      throws InterruptedException {
    Path names = scratch.resolve("names");
    write(names, blobs.keySet().stream().sorted().map(path -> path + "\0"));
    String[] told =
        reading
            .run(GitRun.of("check-attr", "--cached", "-z", "--stdin", "filter").reading(names))
            .split("\0", -1);
    var kept = new ArrayList<String>();
    for (int i = 0; i + 2 < told.length; i += 3) {
      if (told[i + 2].equals("lfs")) {
        kept.add(told[i]);
      }
    }
    return kept;
  }

  /// Of small ones, by id.
  private static Map<String, String> contents(Reading reading, Path scratch, Stream<String> blobs)
      throws InterruptedException {
    Path ids = scratch.resolve("ids");
    write(ids, blobs.distinct().map(id -> id + "\n"));
    String small =
        reading
            .run(GitRun.of("cat-file", "--batch-check=%(objectname) %(objectsize)").reading(ids))
            .lines()
            .map(line -> line.split(" ", -1))
            .filter(line -> Long.parseLong(line[1]) <= LARGEST)
            .map(line -> line[0] + "\n")
            .collect(Collectors.joining());
    write(ids, Stream.of(small));
    String all = reading.run(GitRun.of("cat-file", "--batch", "--buffer").reading(ids));
    var contents = new HashMap<String, String>();
    int at = 0;
    while (at < all.length()) {
      int end = all.indexOf('\n', at);
      String[] head = all.substring(at, end).split(" ", -1);
      int size = Integer.parseInt(head[2]);
      contents.put(head[0], all.substring(end + 1, end + 1 + size));
      at = end + 1 + size + 1;
    }
    return contents;
  }

  private static void write(Path file, Stream<String> lines) {
    try {
      Files.writeString(file, lines.collect(Collectors.joining()), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
