package dev.slipway.locale2b.envd;

import dev.slipway.locale2b.box.Box;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The watches of a sandbox: those that are streams, and those that are asked again and again.
final class Watchers {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 16;
  private static final int MOST = 100;

  private final BoxFiles files;
  private final Set<Watch> open = ConcurrentHashMap.newKeySet();
  private final ConcurrentMap<String, Watch> polled = new ConcurrentHashMap<>();

  Watchers(Box box) {
    files = new BoxFiles(box);
  }

  /// Watches until the watch is closed.
  Watch open(Watched watched) throws IOException, InterruptedException {
    if (open.size() >= MOST) {
      throw new RpcException(RpcCode.RESOURCE_EXHAUSTED, "a sandbox has at most 100 watches");
    }
    Watch watch = Watch.open(files, watched, open::remove);
    open.add(watch);
    return watch;
  }

  /// Watches for whoever asks by the id.
  String create(Watched watched) throws IOException, InterruptedException {
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    String name = HexFormat.of().formatHex(id);
    polled.put(name, open(watched));
    return name;
  }

  /// What has happened since it was asked last.
  List<Map<String, Object>> events(String id) throws IOException, InterruptedException {
    Watch watch =
        Optional.ofNullable(polled.get(id))
            .orElseThrow(
                () -> new RpcException(RpcCode.NOT_FOUND, "watcher with id " + id + " not found"));
    List<Map<String, Object>> events = new ArrayList<>();
    for (Optional<WatchEvent> next = watch.next(Duration.ZERO);
        next.isPresent();
        next = watch.next(Duration.ZERO)) {
      events.add(watch.json(next.get()));
    }
    return events;
  }

  void remove(String id) {
    Watch watch = polled.remove(id);
    if (watch != null) {
      watch.close();
    }
  }

  void cutStreams() {
    open.stream().filter(watch -> !polled.containsValue(watch)).forEach(Watch::cut);
  }
}
