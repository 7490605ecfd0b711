package dev.slipway.locale2b.envd;

import dev.slipway.localserver.Routes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The calls of `filesystem.Filesystem`.
final class FilesystemService {
  private static final Map<String, Object> DONE = Map.of();
  private static final Map<String, Object> START = Map.of("start", Map.of());
  private static final Map<String, Object> KEEPALIVE = Map.of("keepalive", Map.of());
  private static final int DEEPEST = 1_000;

  private FilesystemService() {}

  static void addTo(Routes routes, Rpc rpc) {
    routes
        .on("POST /filesystem.Filesystem/Stat", rpc.unary(FilesystemService::stat))
        .on("POST /filesystem.Filesystem/MakeDir", rpc.unary(FilesystemService::makeFolder))
        .on("POST /filesystem.Filesystem/Move", rpc.unary(FilesystemService::move))
        .on("POST /filesystem.Filesystem/ListDir", rpc.unary(FilesystemService::list))
        .on("POST /filesystem.Filesystem/Remove", rpc.unary(FilesystemService::remove))
        .on("POST /filesystem.Filesystem/WatchDir", rpc.streaming(FilesystemService::watch))
        .on(
            "POST /filesystem.Filesystem/CreateWatcher",
            rpc.unary(call -> Map.of("watcherId", call.daemon().watchers().create(watched(call)))))
        .on(
            "POST /filesystem.Filesystem/GetWatcherEvents",
            rpc.unary(call -> Map.of("events", call.daemon().watchers().events(watcher(call)))))
        .on(
            "POST /filesystem.Filesystem/RemoveWatcher",
            rpc.unary(call -> {
              call.daemon().watchers().remove(watcher(call));
              return DONE;
            }));
  }

  private static BoxFiles files(RpcCall call) {
    return new BoxFiles(call.daemon().box());
  }

  private static Object stat(RpcCall call) throws IOException, InterruptedException {
    return entry(files(call).stat(call.account(), call.path("path")));
  }

  private static Object makeFolder(RpcCall call) throws IOException, InterruptedException {
    return entry(files(call).makeFolder(call.account(), call.path("path")));
  }

  private static Object move(RpcCall call) throws IOException, InterruptedException {
    return entry(files(call).move(call.account(), call.path("source"), call.path("destination")));
  }

  private static Object list(RpcCall call) throws IOException, InterruptedException {
    int depth = Math.clamp(call.request().path("depth").asInt(1), 1, DEEPEST);
    List<FileEntry> entries = files(call).list(call.account(), call.path("path"), depth);
    return Map.of("entries", entries.stream().map(FileEntry::json).toList());
  }

  private static Object remove(RpcCall call) throws IOException, InterruptedException {
    files(call).remove(call.account(), call.path("path"));
    return DONE;
  }

  private static Object entry(FileEntry entry) {
    return Map.of("entry", entry.json());
  }

  private static Watched watched(RpcCall call) {
    return new Watched(
        call.account(),
        call.path("path"),
        call.request().path("recursive").asBoolean(false),
        call.request().path("includeEntry").asBoolean(false));
  }

  private static String watcher(RpcCall call) {
    return call.request().path("watcherId").asString("");
  }

  private static void watch(RpcCall call, Rpc.Stream stream)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    try (Watch watch = call.daemon().watchers().open(watched(call))) {
      stream.message(START);
      while (true) {
        Duration left =
            call.limit()
                .map(most -> most.minusNanos(System.nanoTime() - began))
                .filter(rest -> rest.compareTo(call.keepalive()) < 0)
                .orElse(call.keepalive());
        Optional<WatchEvent> next = watch.next(left);
        if (next.isPresent()) {
          stream.message(Map.of("filesystem", watch.json(next.get())));
        } else if (left.equals(call.keepalive())) {
          stream.message(KEEPALIVE);
        } else {
          throw new RpcException(RpcCode.DEADLINE_EXCEEDED, "the watch's time is over");
        }
      }
    }
  }
}
