package dev.slipway.locale2b.box;

import dev.slipway.locale2b.box.BoxException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;

/// Makes boxes below one directory.
///
/// @param groups where limits are set; without, they are set process by process
record BoxMaker(
    Path directory,
    Tools tools,
    SystemView system,
    Optional<ControlGroups> groups,
    Judge judge,
    NetworkSettings settings,
    ScheduledExecutorService timer) {
  private static final int ROOT = 0;

  /// @param forget called when it has been closed
  SupervisedBox make(BoxSpec spec, Runnable forget) throws BoxException {
    BoxFiles files = new BoxFiles(directory.resolve(spec.id()));
    BoxParts parts = new BoxParts(files);
    boolean made = false;
    try {
      HostIds ids = ids(spec);
      BoxFiles.create(files.directory(), spec.template(), ids);
      Optional<BoxGroups> own = groups.map(all -> all.of(spec.id()));
      own.ifPresent(parts::groups);
      if (groups.isPresent()) {
        var _ = groups.get().create(spec.id(), spec.limits());
      }
      EgressRules rules = EgressRules.of(spec.network().allow(), spec.network().deny());
      BoxProxy proxy = BoxProxy.open(judge, settings, rules, timer);
      parts.proxy(proxy);
      BoxCommand command =
          new BoxCommand(
              tools,
              system,
              spec,
              files,
              ids,
              proxy.socket(),
              own.map(BoxGroups::entrances).orElse(List.of()),
              own.isEmpty());
      Launch launch = Launch.start(command.words(), files, ids);
      parts.launch(launch);
      Marks.of(launch.initPid()).write(files.directory());
      proxy.hide();
      made = true;
      return new SupervisedBox(
          spec, launch, own, Optional.of(proxy), UnaryOperator.identity(), parts, forget);
    } catch (IOException e) {
      throw new BoxException(Kind.NOT_CREATED, "box " + spec.id() + ": " + e.getMessage(), e);
    } finally {
      if (!made) {
        parts.close();
      }
    }
  }

  private HostIds ids(BoxSpec spec) throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(ROOT)
        ? HostIds.own(directory.toString(), spec.id())
        : HostIds.ourselves();
  }
}
