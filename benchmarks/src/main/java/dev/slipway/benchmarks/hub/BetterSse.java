package dev.slipway.benchmarks.hub;

import dev.slipway.benchmarks.ChildProgram;
import dev.slipway.benchmarks.NodeServer;
import dev.slipway.benchmarks.Usage;
import dev.slipway.embedded.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// npm's `better-sse`: one channel on Node's own server, which parses what is posted and broadcasts
/// it.
record BetterSse(ChildProgram program, int port, HttpIngest ingest) implements HubServer {
  private static final String PACKAGE = "better-sse@0.16.1";

  static BetterSse start(Path folder) throws IOException, InterruptedException {
    int port = FreePorts.find();
    ChildProgram program =
        NodeServer.start(
            folder,
            PACKAGE,
            BetterSse.class,
            "better-sse.mjs",
            Map.of("PORT", Integer.toString(port)));
    return new BetterSse(program, port, new HttpIngest(port));
  }

  @Override
  public String name() {
    return "better-sse";
  }

  @Override
  public String path() {
    return "/events";
  }

  @Override
  public void publish(long first, int count) throws IOException {
    ingest.post("/publish", LongStream.range(first, first + count).mapToObj(Payload::of).toList());
  }

  @Override
  public Duration processor() {
    return Usage.processor(program);
  }

  @Override
  public double memory() throws IOException {
    ingest.post("/collect-garbage", List.of(new byte[0]));
    return Usage.residentKilobytes(program);
  }

  @Override
  public void close() throws IOException {
    try (program) {
      ingest.close();
    }
  }
}
