package dev.slipway.benchmarks.ingress;

import dev.slipway.benchmarks.ChildProgram;
import dev.slipway.benchmarks.NodeServer;
import dev.slipway.embedded.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/// `@octokit/webhooks`' own Node middleware: it verifies and parses a webhook, hands it to nobody,
/// and answers.
record OctokitServer(ChildProgram program, URI url) implements AutoCloseable {
  private static final String PACKAGE = "@octokit/webhooks@14.2.0";

  /// Installs it with `npm` and starts it.
  static OctokitServer start(Path folder, String secret) throws IOException, InterruptedException {
    int port = FreePorts.find();
    ChildProgram program =
        NodeServer.start(
            folder,
            PACKAGE,
            OctokitServer.class,
            "octokit.mjs",
            Map.of("PORT", Integer.toString(port), "WEBHOOK_SECRET", secret));
    return new OctokitServer(program, URI.create("http://127.0.0.1:" + port + "/webhooks/github"));
  }

  @Override
  public void close() throws IOException {
    program.close();
  }
}
