package dev.slipway.locale2b.envd;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches a folder, until it is closed or its sandbox is gone.
final class Watch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Watch.class);
  private static final int WAITING = 10_000;
  private static final int NAME_BYTES = 64 << 10;

  private final BoxTool tool;
  private final BoxFiles files;
  private final Watched watched;
  private final Consumer<Watch> onClose;
  private final Mailbox<Optional<WatchEvent>> mailbox = new Mailbox<>(WAITING);

  private Watch(BoxTool tool, BoxFiles files, Watched watched, Consumer<Watch> onClose) {
    this.tool = tool;
    this.files = files;
    this.watched = watched;
    this.onClose = onClose;
  }

  /// Begins to watch, and returns once nothing is missed any more.
  static Watch open(BoxFiles files, Watched watched, Consumer<Watch> onClose)
      throws IOException, InterruptedException {
    BoxTool tool = BoxTool.watch(files.box(), watched);
    InputStream out = new BufferedInputStream(tool.process().stdout());
    boolean opened = false;
    try {
      opened = Pipes.call(() -> field(out)).isPresent();
      if (!opened) {
        tool.finish();
        throw new IllegalStateException("the watch has ended");
      }
    } catch (FileFailedException e) {
      throw e.asRpc();
    } finally {
      if (!opened) {
        out.close();
      }
    }
    Watch watch = new Watch(tool, files, watched, onClose);
    Thread.ofPlatform().daemon().name("watch").start(() -> watch.listen(out));
    return watch;
  }

  private void listen(InputStream out) {
    try (out) {
      Optional<String> kind = field(out);
      while (kind.isPresent()) {
        String name = field(out).orElse("");
        mailbox.put(Optional.of(new WatchEvent(name, WatchEvent.Kind.valueOf(kind.get()))));
        kind = field(out);
      }
    } catch (IOException e) {
      log.atDebug().setCause(e).log("a watch goes with its box");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      cut();
    }
  }

  private static Optional<String> field(InputStream in) throws IOException {
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    for (int b = in.read(); b > 0 && field.size() < NAME_BYTES; b = in.read()) {
      field.write(b);
    }
    return field.size() == 0
        ? Optional.empty()
        : Optional.of(field.toString(StandardCharsets.UTF_8));
  }

  /// The next event, or nothing when none came in time.
  Optional<WatchEvent> next(Duration wait) throws InterruptedException {
    return mailbox.poll(wait).map(event -> event.orElseThrow(Rpc.BrokenOffException::new));
  }

  /// Breaks it off for whoever reads it.
  void cut() {
    mailbox.replaceAll(Optional.empty());
  }

  /// An event, with what the file is now when that was asked for and there is one.
  Map<String, Object> json(WatchEvent event) throws IOException, InterruptedException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", event.name());
    json.put("type", "EVENT_TYPE_" + event.kind());
    if (watched.withEntries()) {
      entry(event).ifPresent(entry -> json.put("entry", entry.json()));
    }
    return json;
  }

  private Optional<FileEntry> entry(WatchEvent event) throws IOException, InterruptedException {
    try {
      return Optional.of(files.stat(watched.account(), watched.path() + "/" + event.name()));
    } catch (RpcException e) {
      if (e.code() == RpcCode.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    mailbox.close();
    tool.close();
    onClose.accept(this);
  }
}
