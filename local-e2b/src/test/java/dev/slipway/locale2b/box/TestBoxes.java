package dev.slipway.locale2b.box;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// Boxes for tests: a program run to its end, with all that it printed.
final class TestBoxes {
  private static final long SECONDS = 30;

  private TestBoxes() {}

  /// What became of a program.
  record Outcome(BoxExit exit, String stdout, String stderr) {}

  /// Boxes below a directory. Where there can be none, the test is skipped, and says why.
  static BubblewrapBoxes open(Path directory, NetworkSettings settings) throws IOException {
    BubblewrapBoxes boxes = BubblewrapBoxes.open(directory, settings);
    if (boxes.unavailable().isPresent()) {
      boxes.close();
      Assumptions.abort(boxes.unavailable().get());
    }
    return boxes;
  }

  static BoxSpec spec(String id) {
    return spec(id, NetworkRules.off(), Limits.DEFAULT);
  }

  static BoxSpec spec(String id, NetworkRules network, Limits limits) {
    return new BoxSpec(id, Path.of(""), network, limits, List.of());
  }

  static ProcessSpec bash(Box box, BoxUser user, String script) {
    Map<String, String> environment = new HashMap<>(box.environment());
    environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
    environment.put("HOME", user.home());
    return new ProcessSpec(
        List.of("/bin/bash", "-c", script), environment, user.home(), user, false, null);
  }

  static Outcome run(Box box, String script) throws Exception {
    return run(box, BoxUser.USER, script);
  }

  static Outcome run(Box box, BoxUser user, String script) throws Exception {
    return finish(box.start(bash(box, user, script)));
  }

  static Outcome finish(BoxProcess process) throws Exception {
    CompletableFuture<String> errors = CompletableFuture.supplyAsync(() -> read(process.stderr()));
    String output = read(process.stdout());
    return new Outcome(
        process.onExit().get(SECONDS, TimeUnit.SECONDS),
        output,
        errors.get(SECONDS, TimeUnit.SECONDS));
  }

  private static String read(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
