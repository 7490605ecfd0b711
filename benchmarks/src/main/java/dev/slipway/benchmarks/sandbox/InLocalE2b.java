package dev.slipway.benchmarks.sandbox;

import dev.slipway.benchmarks.SlipwayParts;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Sandboxes of the local E2B server, asked in E2B's own protocol: what is left when Slipway is
/// taken away, which neither keeps output nor survives a lost connection.
final class InLocalE2b implements Place, AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int END_OF_STREAM = 2;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI server;
  private final String key;
  private final Queue<Sandbox> left = new ConcurrentLinkedQueue<>();
  private final Sandbox shared;

  private InLocalE2b(URI server, String key) throws IOException, InterruptedException {
    this.server = server;
    this.key = key;
    this.shared = create();
  }

  static InLocalE2b of(SlipwayParts slipway) throws IOException, InterruptedException {
    return new InLocalE2b(slipway.url("e2b"), slipway.secret("e2b-api-key"));
  }

  private record Sandbox(String id, String token) {}

  @Override
  public String name() {
    return "local-e2b alone";
  }

  @Override
  public Ran run(List<String> argv) throws IOException, InterruptedException {
    long began = System.nanoTime();
    long bytes = output(shared, argv, Long.MAX_VALUE);
    return new Ran(bytes, System.nanoTime() - began);
  }

  @Override
  public void runAnew(List<String> argv) throws IOException, InterruptedException {
    Sandbox sandbox = create();
    left.add(sandbox);
    if (output(sandbox, argv, 1) == 0) {
      throw new IOException("there was no output");
    }
  }

  @Override
  public void clear() throws IOException, InterruptedException {
    for (Sandbox one = left.poll(); one != null; one = left.poll()) {
      HttpRequest kill =
          HttpRequest.newBuilder(server.resolve("/sandboxes/" + one.id()))
              .header("X-API-Key", key)
              .DELETE()
              .build();
      expect(client.send(kill, BodyHandlers.ofString()), 204);
    }
  }

  private Sandbox create() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/v2/sandboxes"))
            .header("X-API-Key", key)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"templateID\":\"base\",\"timeout\":3600}"))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    expect(answer, 201);
    JsonNode made = JSON.readTree(answer.body());
    return new Sandbox(made.path("sandboxID").asString(), made.path("envdAccessToken").asString());
  }

  private static void expect(HttpResponse<String> answer, int status) throws IOException {
    if (answer.statusCode() != status) {
      throw new IOException(
          "local-e2b answers %d: %s".formatted(answer.statusCode(), answer.body()));
    }
  }

  /// Reads standard output until there are so many bytes, or it has ended.
  private long output(Sandbox sandbox, List<String> argv, long most)
      throws IOException, InterruptedException {
    byte[] message =
        JSON.writeValueAsBytes(
            Map.of(
                "process",
                Map.of("cmd", argv.getFirst(), "args", argv.subList(1, argv.size())),
                "stdin",
                false));
    ByteBuffer envelope = ByteBuffer.allocate(5 + message.length);
    envelope.put((byte) 0).putInt(message.length).put(message);
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/process.Process/Start"))
            .header("E2b-Sandbox-Id", sandbox.id())
            .header("E2b-Sandbox-Port", "49983")
            .header("X-Access-Token", sandbox.token())
            .header("Connect-Protocol-Version", "1")
            .header("Content-Type", "application/connect+json")
            .POST(BodyPublishers.ofByteArray(envelope.array()))
            .build();
    HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
    try (var frames = new DataInputStream(answer.body())) {
      return answer.statusCode() == 200 ? stdout(frames, most) : 0;
    }
  }

  private static long stdout(DataInputStream frames, long most) throws IOException {
    long bytes = 0;
    boolean hasEnded = false;
    while (!hasEnded && bytes < most) {
      hasEnded = (frames.readUnsignedByte() & END_OF_STREAM) != 0;
      byte[] payload = frames.readNBytes(frames.readInt());
      JsonNode stdout = JSON.readTree(payload).at("/event/data/stdout");
      bytes += stdout.isMissingNode() ? 0 : stdout.binaryValue().length;
    }
    return bytes;
  }

  @Override
  public void close() {
    client.close();
  }
}
