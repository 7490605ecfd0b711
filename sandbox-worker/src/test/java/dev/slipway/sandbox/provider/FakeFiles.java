package dev.slipway.sandbox.provider;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The files of a [FakeSandbox], by their absolute paths.
final class FakeFiles {
  private static final String HOME = "/home/user";

  // @GuardedBy: this
  private final TreeMap<String, Node> nodes = new TreeMap<>();

  /// What is at a path.
  private sealed interface Node {
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Content(byte[] bytes) implements Node {}

    record Directory() implements Node {}

    record Link(String target) implements Node {}
  }

  FakeFiles() {
    boolean _ = makeDirectories(HOME);
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

  private static String parent(String path) {
    return path.substring(0, Math.max(1, path.lastIndexOf('/')));
  }

  private static String below(String directory) {
    return directory.equals("/") ? "/" : directory + "/";
  }

  /// What a path leads to, which is something else than a link.
  private @Nullable Node node(String path) {
    return nodes.get(path) instanceof Node.Link(var target) ? nodes.get(target) : nodes.get(path);
  }

  private static ProviderRefusedException wrongKind(String path) {
    return FakeSession.refused(FailureCode.VALIDATION_FAILED, path + " is of another kind");
  }

  /// Makes one with those that it lies in.
  ///
  /// @return false when it was there
  private boolean makeDirectories(String path) {
    Node there = node(path);
    if (there instanceof Node.Content) {
      throw wrongKind(path);
    }
    if (there == null) {
      if (!path.equals("/")) {
        boolean _ = makeDirectories(parent(path));
      }
      nodes.put(path, new Node.Directory());
    }
    return there == null;
  }

  synchronized Optional<InputStream> read(String path, ByteRange range) {
    return switch (node(absolute(path))) {
      case Node.Content(var bytes) -> {
        int from = (int) Math.min(range.offset(), bytes.length);
        int length = (int) Math.min(range.length(), bytes.length - from);
        yield Optional.of(new ByteArrayInputStream(bytes, from, length));
      }
      case Node.Directory _, Node.Link _ -> throw wrongKind(path);
      case null -> Optional.empty();
    };
  }

  void write(String path, InputStream content) {
    try {
      put(absolute(path), new Node.Content(content.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void link(String path, String target) {
    put(absolute(path), new Node.Link(absolute(target)));
  }

  private synchronized void put(String path, Node node) {
    if (node(path) instanceof Node.Directory) {
      throw wrongKind(path);
    }
    boolean _ = makeDirectories(parent(path));
    nodes.put(nodes.get(path) instanceof Node.Link(var target) ? target : path, node);
  }

  synchronized Optional<FileEntry> stat(String path) {
    return Optional.ofNullable(nodes.get(absolute(path))).map(node -> entry(absolute(path), node));
  }

  synchronized Optional<List<FileEntry>> list(String path, int depth) {
    String directory = absolute(path);
    return switch (node(directory)) {
      case Node.Directory _ ->
          Optional.of(
              nodes.entrySet().stream()
                  .filter(each -> isWithin(directory, each.getKey(), depth))
                  .map(each -> entry(each.getKey(), each.getValue()))
                  .toList());
      case Node.Content _, Node.Link _ -> throw wrongKind(path);
      case null -> Optional.empty();
    };
  }

  private static boolean isWithin(String directory, String path, int depth) {
    String above = below(directory);
    return path.startsWith(above)
        && path.length() > above.length()
        && path.substring(above.length()).split("/", -1).length <= depth;
  }

  synchronized boolean makeDirectory(String path) {
    return makeDirectories(absolute(path));
  }

  synchronized void remove(String path) {
    String gone = absolute(path);
    nodes.keySet().removeIf(each -> each.equals(gone) || each.startsWith(below(gone)));
  }

  synchronized void move(String source, String destination) {
    String from = absolute(source);
    String to = absolute(destination);
    if (!nodes.containsKey(from)) {
      throw FakeSession.refused(FailureCode.NOT_FOUND, "nothing is at " + source);
    }
    boolean _ = makeDirectories(parent(to));
    new TreeMap<>(nodes)
        .forEach((path, node) -> {
          if (path.equals(from) || path.startsWith(below(from))) {
            nodes.remove(path);
            nodes.put(to + path.substring(from.length()), node);
          }
        });
  }

  private FileEntry entry(String path, Node node) {
    String target = node instanceof Node.Link link ? link.target() : null;
    Node what = target == null ? node : nodes.get(target);
    return new FileEntry(
        path.substring(path.lastIndexOf('/') + 1),
        path,
        switch (what) {
          case Node.Content _ -> FileEntry.Kind.FILE;
          case Node.Directory _ -> FileEntry.Kind.DIRECTORY;
          case Node.Link _ -> FileEntry.Kind.OTHER;
          case null -> FileEntry.Kind.OTHER;
        },
        what instanceof Node.Content(var bytes) ? bytes.length : 0,
        what instanceof Node.Directory ? 0755 : 0644,
        "user",
        "user",
        FakeProvider.TIME,
        target);
  }
}
