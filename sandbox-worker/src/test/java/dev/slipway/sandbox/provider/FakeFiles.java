package dev.slipway.sandbox.provider;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/// The files of a [FakeSandbox]: a folder of this machine that holds all of them. Its processes see
/// in it what is in their home and what a worker has put there, and nothing else.
final class FakeFiles {
  private static final String HOME = "/home/user";

  /// Where a worker puts what is its own.
  private static final String WORKERS = "/tmp/.slipway";

  private final Path root;

  FakeFiles() {
    try {
      root = Files.createTempDirectory("slipway-fake-sandbox");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    boolean _ = makeDirectory(HOME);
    boolean _ = makeDirectory("/tmp");
  }

  /// Takes all of them away.
  void close() {
    delete(root);
  }

  private static void delete(Path tree) {
    try {
      boolean _ = FileSystemUtils.deleteRecursively(tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String absolute(String path) {
    var names = new ArrayDeque<String>();
    for (String name : (path.startsWith("/") ? path : HOME + "/" + path).split("/", -1)) {
      switch (name) {
        case "", "." -> {}
        case ".." -> names.pollLast();
        default -> names.addLast(name);
      }
    }
    return "/" + String.join("/", names);
  }

  /// Where a file is on this machine.
  Path onDisk(String path) {
    return root.resolve(absolute(path).substring(1));
  }

  /// What a process is told in the place of a text that may name files.
  String told(String text) {
    return text.replace(HOME, root + HOME).replace(WORKERS, root + WORKERS);
  }

  private static Path folder(Path file) {
    return file.resolve("..").normalize();
  }

  private static ProviderRefusedException wrongKind(String path) {
    return FakeSession.refused(FailureCode.VALIDATION_FAILED, path + " is of another kind");
  }

  Optional<InputStream> read(String path, ByteRange range) {
    Path file = onDisk(path);
    if (Files.isDirectory(file)) {
      throw wrongKind(path);
    }
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      long _ = in.skip(Math.min(range.offset(), Files.size(file)));
      int length = (int) Math.min(range.length(), Integer.MAX_VALUE - 8);
      return Optional.of(new ByteArrayInputStream(in.readNBytes(length)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(String path, InputStream content) {
    Path file = onDisk(path);
    if (Files.isDirectory(file)) {
      throw wrongKind(path);
    }
    boolean _ = makeDirectories(folder(file), path);
    try {
      // whole or not at all, as envd has it of what was broken off
      Files.write(file, content.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void link(String path, String target) {
    try {
      var _ = Files.createSymbolicLink(onDisk(path), onDisk(target));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Optional<FileEntry> stat(String path) {
    Path file = onDisk(path);
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(entry(file))
        : Optional.empty();
  }

  Optional<List<FileEntry>> list(String path, int depth) {
    Path folder = onDisk(path);
    if (!Files.exists(folder)) {
      return Optional.empty();
    }
    if (!Files.isDirectory(folder)) {
      throw wrongKind(path);
    }
    try (Stream<Path> within = Files.walk(folder, depth)) {
      return Optional.of(within.skip(1).sorted().map(this::entry).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean makeDirectory(String path) {
    return makeDirectories(onDisk(path), path);
  }

  /// @return false when it was there
  private static boolean makeDirectories(Path folder, String path) {
    boolean isNew = !Files.exists(folder);
    try {
      var _ = Files.createDirectories(folder);
      return isNew;
    } catch (FileAlreadyExistsException _) {
      throw wrongKind(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void remove(String path) {
    delete(onDisk(path));
  }

  void move(String source, String destination) {
    Path from = onDisk(source);
    if (!Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
      throw FakeSession.refused(FailureCode.NOT_FOUND, "nothing is at " + source);
    }
    Path to = onDisk(destination);
    boolean _ = makeDirectories(folder(to), destination);
    try {
      var _ = Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FileEntry entry(Path file) {
    try {
      @Nullable String target =
          Files.isSymbolicLink(file) ? inside(Files.readSymbolicLink(file)) : null;
      boolean isDirectory = Files.isDirectory(file);
      boolean isFile = Files.isRegularFile(file);
      return new FileEntry(
          file.getFileName().toString(),
          inside(file),
          isDirectory
              ? FileEntry.Kind.DIRECTORY
              : isFile ? FileEntry.Kind.FILE : FileEntry.Kind.OTHER,
          isFile ? Files.size(file) : 0,
          isDirectory ? 0755 : 0644,
          "user",
          "user",
          FakeProvider.TIME,
          target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String inside(Path file) {
    return file.startsWith(root) ? "/" + root.relativize(file) : file.toString();
  }
}
