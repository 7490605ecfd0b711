package dev.slipway.locale2b.box;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a box consists of on the host, in the order in which it came to be, so that it is taken
/// down in reverse, half made or whole.
final class BoxParts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BoxParts.class);
  private static final long SECONDS_TO_END = 5;

  // Guarded by this.
  private final Deque<Runnable> endings = new ArrayDeque<>();
  private final BoxFiles files;

  BoxParts(BoxFiles files) {
    this.files = files;
    endings.push(files::discard);
  }

  BoxFiles files() {
    return files;
  }

  synchronized void groups(BoxGroups groups) {
    endings.push(groups::remove);
    endings.push(groups::kill);
  }

  synchronized void proxy(BoxProxy proxy) {
    endings.push(() -> {
      try {
        proxy.close();
      } catch (IOException e) {
        log.atWarn().setCause(e).log("proxy of a box is not closed");
      }
    });
  }

  synchronized void launch(Launch launch) {
    endings.push(() -> end(launch));
  }

  /// Process 1 ends when its input does. Should it not, it is killed; either way bubblewrap ends
  /// after the last process of the box.
  private static void end(Launch launch) {
    try {
      launch.process().getOutputStream().close();
      if (!launch.process().waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        ProcessHandle.of(launch.initPid()).ifPresent(ProcessHandle::destroyForcibly);
        var _ = launch.process().waitFor(SECONDS_TO_END, TimeUnit.SECONDS);
      }
    } catch (IOException e) {
      log.atDebug().setCause(e).log("box had ended before");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Takes it all down. Again: does nothing.
  @Override
  public synchronized void close() {
    while (!endings.isEmpty()) {
      endings.pop().run();
    }
  }
}
