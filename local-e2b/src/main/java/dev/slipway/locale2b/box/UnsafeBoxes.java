package dev.slipway.locale2b.box;

import dev.slipway.locale2b.box.BoxException.Kind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// Boxes that are none: plain processes of ours with a home of their own, for machines on which
/// bubblewrap cannot be had. What runs in them reads all that we can read and reaches all that we
/// can reach; limits hold process by process, and rules for the network do not hold at all.
///
/// They end as others do, also when this JVM is killed. `/home/user`, `/root` and `/tmp` at the
/// start of a working directory, a variable or an argument stand for folders of the box; in the
/// text of a script they do not.
public final class UnsafeBoxes implements Boxes {
  private final Path directory;
  private final SystemView system;
  private final Optional<Tools> tools;
  private final Optional<String> unavailable;
  private final Set<String> taken = ConcurrentHashMap.newKeySet();
  private final Map<String, SupervisedBox> boxes = new ConcurrentHashMap<>();

  private UnsafeBoxes(
      Path directory, SystemView system, Optional<Tools> tools, Optional<String> unavailable) {
    this.directory = directory;
    this.system = system;
    this.tools = tools;
    this.unavailable = unavailable;
  }

  /// Takes a directory for its own, and clears what an earlier JVM left there.
  public static UnsafeBoxes open(Path directory) throws IOException {
    Path own = Files.createDirectories(directory, BoxFiles.OWNER_ONLY).toRealPath();
    Path boxes = Files.createDirectories(own.resolve("boxes"));
    try (DirectoryStream<Path> left = Files.newDirectoryStream(boxes)) {
      for (Path folder : left) {
        new BoxFiles(folder).delete();
      }
    }
    SystemView system = SystemView.create(own.resolve("system"));
    try {
      return new UnsafeBoxes(
          boxes, system, Optional.of(Tools.findWithoutBubblewrap()), Optional.empty());
    } catch (Tools.MissingException e) {
      String reason = String.valueOf(e.getMessage());
      return new UnsafeBoxes(boxes, system, Optional.empty(), Optional.of(reason));
    }
  }

  @Override
  public Optional<String> unavailable() {
    return unavailable;
  }

  @Override
  public Box create(BoxSpec spec) throws BoxException {
    if (tools.isEmpty()) {
      throw new BoxException(Kind.UNAVAILABLE, unavailable.orElse("there can be no sandboxes"));
    }
    if (!taken.add(spec.id())) {
      throw new BoxException(Kind.NOT_CREATED, "there is a box " + spec.id() + " already");
    }
    BoxFiles files = new BoxFiles(directory.resolve(spec.id()));
    BoxParts parts = new BoxParts(files);
    boolean made = false;
    try {
      BoxFiles.create(files.directory(), spec.template(), HostIds.ourselves());
      Launch launch = Launch.start(command(spec, tools.get()), files, HostIds.ourselves());
      parts.launch(launch);
      SupervisedBox box =
          new SupervisedBox(
              spec,
              launch,
              Optional.empty(),
              Optional.empty(),
              translation(files, spec.mounts()),
              parts,
              () -> forget(spec.id()));
      boxes.put(spec.id(), box);
      made = true;
      return box;
    } catch (IOException e) {
      throw new BoxException(Kind.NOT_CREATED, "box " + spec.id() + ": " + e.getMessage(), e);
    } finally {
      if (!made) {
        parts.close();
        taken.remove(spec.id());
      }
    }
  }

  private List<String> command(BoxSpec spec, Tools found) {
    return List.of(
        "/bin/sh",
        "-c",
        "echo \"\\\"child-pid\\\": $$\n}\"; exec \"$@\"",
        "sh",
        found.python().toString(),
        "-I",
        "-S",
        "-E",
        "-B",
        system.directory().resolve("init.py").toString(),
        "file=" + spec.limits().diskBytes(),
        "data=" + spec.limits().memoryBytes(),
        "core=0",
        "unsafe");
  }

  private void forget(String id) {
    boxes.remove(id);
    taken.remove(id);
  }

  private static UnaryOperator<ProcessSpec> translation(BoxFiles files, List<Mount> mounts) {
    UnaryOperator<String> paths =
        text -> {
          String translated = text;
          for (Mount mount : mounts) {
            translated = below(mount.destination().toString(), mount.source(), translated);
          }
          translated = below(BoxUser.USER.home(), files.home(), translated);
          translated = below(BoxUser.ROOT.home(), files.root(), translated);
          return translated.equals(text) ? below("/tmp", files.tmp(), text) : translated;
        };
    return spec -> {
      Map<String, String> environment = new HashMap<>(spec.environment());
      environment.replaceAll((_, value) -> paths.apply(value));
      return new ProcessSpec(
          spec.command().stream().map(paths).toList(),
          environment,
          paths.apply(spec.directory()),
          spec.user(),
          spec.stdin(),
          spec.terminal());
    };
  }

  private static String below(String inside, Path outside, String text) {
    return text.equals(inside) || text.startsWith(inside + "/")
        ? outside + text.substring(inside.length())
        : text;
  }

  @Override
  public void close() {
    List.copyOf(boxes.values()).forEach(SupervisedBox::close);
  }
}
