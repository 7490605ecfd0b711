package dev.slipway.benchmarks;

import dev.slipway.benchmarks.ChildProgram.Command;
import dev.slipway.embedded.FreePorts;
import dev.slipway.pipeline.kafka.KafkaPropertiesFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// What `slipway run` starts, as processes of their own, started as this one was, on a data
/// directory of their own.
public final class SlipwayParts implements AutoCloseable {
  private static final String READY = "slipway ready";
  private static final int PORTS_IN_A_ROW = 7;
  private static final int HIGHEST_FIRST_PORT = 30_000;

  private final Build build;
  private final Path folder;
  private final Path data;
  private final int firstPort = firstPort();
  private final Deque<ChildProgram> programs = new ArrayDeque<>();

  private SlipwayParts(Build build, Path folder) {
    this.build = build;
    this.folder = folder;
    this.data = folder.resolve("data");
  }

  /// Starts Kafka, PostgreSQL and the schema registry.
  public static SlipwayParts start(Path folder) throws IOException, InterruptedException {
    return start(Build.own(), folder, "run", "infra");
  }

  /// Starts what a command starts, `up` for one.
  public static SlipwayParts start(Build build, Path folder, String... words)
      throws IOException, InterruptedException {
    SlipwayParts parts = new SlipwayParts(build, folder);
    parts.programs.push(ChildProgram.start(parts.slipway(Map.of(), words), READY));
    return parts;
  }

  /// Starts a service, which ends with this.
  ///
  /// @param settings in the names of environment variables
  public ChildProgram run(String service, Map<String, String> settings)
      throws IOException, InterruptedException {
    ChildProgram program = runAlone(service, settings);
    programs.push(program);
    return program;
  }

  /// Starts a service, which the caller ends.
  ///
  /// @param settings in the names of environment variables
  public ChildProgram runAlone(String service, Map<String, String> settings)
      throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("PORT", Integer.toString(FreePorts.find()));
    return ChildProgram.start(slipway(environment, "run", service), READY);
  }

  /// Runs a command that talks to what runs here.
  ///
  /// @return what it printed
  /// @throws IOException when its exit status is not 0
  public String call(String... words) throws IOException, InterruptedException {
    return ChildProgram.run(slipway(Map.of(), words));
  }

  /// Processor time of all of it so far.
  public Duration processor() {
    return programs.stream().map(Usage::processor).reduce(Duration.ZERO, Duration::plus);
  }

  /// Where a part of what runs is, under the name that it has in `endpoints.json`.
  private String endpoint(String name) throws IOException {
    return JsonMapper.shared()
        .readTree(Files.readString(data.resolve("endpoints.json")))
        .path(name)
        .stringValueOpt()
        .orElseThrow(() -> new IOException("there is no " + name));
  }

  public URI url(String name) throws IOException {
    return URI.create(endpoint(name));
  }

  /// Settings of a Kafka client, address and password included.
  public Map<String, String> kafkaClient() {
    return KafkaPropertiesFile.read(kafkaProperties());
  }

  /// The same as a file, for Kafka's own tools.
  public Path kafkaProperties() {
    return data.resolve("kafka.properties");
  }

  /// URL of the schema registry, credentials included.
  public String registry() throws IOException {
    String credentials = "slipway:" + secret("registry-password") + "@";
    return endpoint("schema_registry").replace("//", "//" + credentials);
  }

  /// A file of the data directory that holds a value alone.
  public String secret(String file) throws IOException {
    return Files.readString(data.resolve(file)).strip();
  }

  /// Below the ports that the system hands out to others.
  private static int firstPort() {
    return 20_000
        + FreePorts.find() % (HIGHEST_FIRST_PORT - 20_000) / PORTS_IN_A_ROW * PORTS_IN_A_ROW;
  }

  private Command slipway(Map<String, String> environment, String... arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    words.addAll(List.of("--data-dir", data.toString(), "--port", Integer.toString(firstPort)));
    return new Command(build.command(words), folder, environment);
  }

  /// Ends all, the last one first.
  @Override
  public void close() throws IOException {
    while (!programs.isEmpty()) {
      programs.pop().close();
    }
  }
}
