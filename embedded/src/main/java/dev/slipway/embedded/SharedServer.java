package dev.slipway.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts a server for the rest of this JVM's life, in a temporary folder.
final class SharedServer {
  private static final Logger log = LoggerFactory.getLogger(SharedServer.class);
  private static final int ATTEMPTS = 3;

  private SharedServer() {}

  /// Starts it in a fresh folder; again when that fails, because a free port may be taken before it
  /// is used. It is closed and its folder deleted when the JVM ends.
  static <T extends AutoCloseable> T start(String name, Function<Path, T> starter) {
    for (int attempt = 1; ; attempt++) {
      Path folder = temporaryFolder(name);
      try {
        T server = starter.apply(folder);
        Runtime.getRuntime()
            .addShutdownHook(new Thread(() -> end(server, folder), "end-shared-" + name));
        return server;
      } catch (StartFailedException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        log.atWarn().addKeyValue("server", name).setCause(e).log("shared server did not start");
      }
    }
  }

  private static Path temporaryFolder(String name) {
    try {
      return Files.createTempDirectory("slipway-" + name + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void end(AutoCloseable server, Path folder) {
    try {
      server.close();
      Folders.delete(folder);
    } catch (Exception e) { // of AutoCloseable
      log.atWarn().addKeyValue("folder", folder).setCause(e).log("shared server did not end well");
    }
  }
}
