package dev.slipway.benchmarks.hub;

import dev.slipway.benchmarks.ChildProgram;
import dev.slipway.benchmarks.ChildProgram.Command;
import dev.slipway.benchmarks.Resource;
import dev.slipway.benchmarks.Tool;
import dev.slipway.benchmarks.Usage;
import dev.slipway.embedded.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/// nginx with nchan: a location to publish to and one to listen at.
record Nchan(ChildProgram program, int port, HttpIngest ingest) implements HubServer {
  private static final String CONFIGURATION = "nginx.conf";

  static Nchan start(Path folder) throws IOException, InterruptedException {
    int port = FreePorts.find();
    String configuration =
        new String(Resource.read(Nchan.class, CONFIGURATION), StandardCharsets.US_ASCII)
            .replace("@MODULE@", Tool.NCHAN.find().toString())
            .replace("@FOLDER@", folder.toString())
            .replace("@PORT@", Integer.toString(port));
    Path file = folder.resolve(CONFIGURATION);
    Files.writeString(file, configuration);
    ChildProgram program =
        ChildProgram.start(
            new Command(
                List.of(
                    Tool.NGINX.find().toString(),
                    "-e",
                    "stderr",
                    "-p",
                    folder.toString(),
                    "-c",
                    file.toString()),
                folder,
                Map.of()),
            (String line) -> line.contains("start worker process "));
    return new Nchan(program, port, new HttpIngest(port));
  }

  @Override
  public String name() {
    return "nginx with nchan";
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
    return Usage.residentKilobytes(program);
  }

  @Override
  public void close() throws IOException {
    try (program) {
      ingest.close();
    }
  }
}
