package dev.slipway.benchmarks.ingress;

import dev.slipway.benchmarks.ChildProgram;
import dev.slipway.benchmarks.ChildProgram.Command;
import dev.slipway.embedded.FreePorts;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `slipway run infra` and `slipway run webhook-ingress` as processes of their own, started as this
/// one was, on a data directory of their own.
record SlipwayIngress(
    ChildProgram infra, ChildProgram ingress, URI url, String kafka, String secret)
    implements AutoCloseable {
  private static final String READY = "slipway ready";
  private static final int PORTS_IN_A_ROW = 7;
  private static final int HIGHEST_FIRST_PORT = 30_000;
  private static final int KAFKA = 3;

  static SlipwayIngress start(Path folder) throws IOException, InterruptedException {
    int first = firstPort();
    int port = FreePorts.find();
    Path data = folder.resolve("data");
    ChildProgram infra = ChildProgram.start(command(folder, data, first, "infra", Map.of()), READY);
    try {
      ChildProgram ingress =
          ChildProgram.start(
              command(
                  folder, data, first, "webhook-ingress", Map.of("PORT", Integer.toString(port))),
              READY);
      return new SlipwayIngress(
          infra,
          ingress,
          URI.create("http://127.0.0.1:" + port + "/webhooks/github"),
          "127.0.0.1:" + (first + KAFKA),
          Files.readString(data.resolve("webhook-secret")).strip());
    } catch (IOException | InterruptedException | RuntimeException e) {
      infra.close();
      throw e;
    }
  }

  /// Below the ports that the system hands out to others.
  private static int firstPort() {
    return 20_000
        + FreePorts.find() % (HIGHEST_FIRST_PORT - 20_000) / PORTS_IN_A_ROW * PORTS_IN_A_ROW;
  }

  private static Command command(
      Path folder, Path data, int first, String part, Map<String, String> environment) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    words.addAll(
        List.of(
            "-jar",
            Path.of(System.getProperty("java.class.path")).toAbsolutePath().toString(),
            "run",
            part,
            "--data-dir",
            data.toString(),
            "--port",
            Integer.toString(first)));
    return new Command(words, folder, environment);
  }

  @Override
  public void close() throws IOException {
    try (infra) {
      ingress.close();
    }
  }
}
