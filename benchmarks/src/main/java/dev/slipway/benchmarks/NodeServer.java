package dev.slipway.benchmarks;

import dev.slipway.benchmarks.ChildProgram.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A server that runs on Node with a package of npm's.
public final class NodeServer {
  private NodeServer() {}

  /// Installs the package and starts the script, which prints "ready" once it listens.
  ///
  /// @param script a resource beside a class
  /// @param environment beside what this process has
  public static ChildProgram start(
      Path folder,
      String npmPackage,
      Class<?> beside,
      String script,
      Map<String, String> environment)
      throws IOException, InterruptedException {
    Files.writeString(folder.resolve("package.json"), "{\"private\":true,\"type\":\"module\"}");
    String _ =
        ChildProgram.run(
            new Command(
                List.of(
                    Tool.NPM.find().toString(),
                    "install",
                    "--no-audit",
                    "--no-fund",
                    "--loglevel=error",
                    npmPackage),
                folder,
                Map.of()));
    Files.write(folder.resolve(script), Resource.read(beside, script));
    return ChildProgram.start(
        new Command(List.of(Tool.NODE.find().toString(), script), folder, environment), "ready");
  }
}
