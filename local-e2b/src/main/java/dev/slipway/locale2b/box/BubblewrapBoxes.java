package dev.slipway.locale2b.box;

import dev.slipway.locale2b.box.BoxException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Boxes made by bubblewrap.
public final class BubblewrapBoxes implements Boxes {
  private final Path directory;
  private final SystemView system;
  private final Tools tools;
  private final Map<String, BubblewrapBox> boxes = new ConcurrentHashMap<>();

  private BubblewrapBoxes(Path directory, SystemView system, Tools tools) {
    this.directory = directory;
    this.system = system;
    this.tools = tools;
  }

  /// Takes a directory for its own.
  public static BubblewrapBoxes open(Path directory) throws IOException {
    Path own = Files.createDirectories(directory, BoxFiles.OWNER_ONLY).toRealPath();
    SystemView system = SystemView.create(own.resolve("system"));
    return new BubblewrapBoxes(
        own,
        system,
        new Tools(Tools.find("bwrap").orElseThrow(), Tools.findPython().orElseThrow()));
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public Box create(BoxSpec spec) throws BoxException {
    HostIds ids = HostIds.ofBox(directory.toString(), spec.id());
    BoxFiles files = new BoxFiles(directory.resolve(spec.id()));
    boolean created = false;
    try {
      files = BoxFiles.create(directory.resolve(spec.id()), spec.template(), ids);
      Launch launch = Launch.start(tools, system, spec, files, ids, List.of());
      BubblewrapBox box = new BubblewrapBox(spec, files, launch, () -> boxes.remove(spec.id()));
      boxes.put(spec.id(), box);
      created = true;
      return box;
    } catch (IOException e) {
      throw new BoxException(Kind.NOT_CREATED, "box " + spec.id() + ": " + e.getMessage(), e);
    } finally {
      if (!created) {
        files.discard();
      }
    }
  }

  @Override
  public void close() {
    new ArrayList<>(boxes.values()).forEach(Box::close);
  }
}
