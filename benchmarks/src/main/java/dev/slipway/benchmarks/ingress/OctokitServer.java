package dev.slipway.benchmarks.ingress;

import dev.slipway.benchmarks.ChildProgram;
import dev.slipway.benchmarks.ChildProgram.Command;
import dev.slipway.benchmarks.Resource;
import dev.slipway.benchmarks.Tool;
import dev.slipway.embedded.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// `@octokit/webhooks`' own Node middleware: it verifies and parses a webhook, hands it to nobody,
/// and answers.
record OctokitServer(ChildProgram program, URI url) implements AutoCloseable {
  private static final String PACKAGE = "@octokit/webhooks@14.2.0";
  private static final String SCRIPT = "octokit.mjs";

  /// Installs it with `npm` and starts it.
  static OctokitServer start(Path folder, String secret) throws IOException, InterruptedException {
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
                    PACKAGE),
                folder,
                Map.of()));
    Files.write(folder.resolve(SCRIPT), Resource.read(OctokitServer.class, SCRIPT));
    int port = FreePorts.find();
    ChildProgram program =
        ChildProgram.start(
            new Command(
                List.of(Tool.NODE.find().toString(), SCRIPT),
                folder,
                Map.of("PORT", Integer.toString(port), "WEBHOOK_SECRET", secret)),
            "ready");
    return new OctokitServer(program, URI.create("http://127.0.0.1:" + port + "/webhooks/github"));
  }

  @Override
  public void close() throws IOException {
    program.close();
  }
}
