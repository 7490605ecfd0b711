package dev.slipway.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RegistryServerIT {
  @TempDir Path home;

  private final int port = FreePorts.find();

  @Test
  void keepsItsSchemasWhenItsOrphanIsReplaced() throws Exception {
    RegistryServer orphan = RegistryServer.start(home, port); // never closed
    String registered =
        send(orphan, "POST", "/subjects/kept-value/versions", "{\"schema\":\"\\\"string\\\"\"}");

    try (RegistryServer server = RegistryServer.start(home, port)) {
      assertThat(ProcessHandle.of(orphan.pid()).filter(ProcessHandle::isAlive)).isEmpty();
      assertThat(registered).contains("\"id\":");
      assertThat(send(server, "GET", "/subjects", "")).isEqualTo("[\"kept-value\"]");
      assertThat(send(server, "GET", "/config", "")).contains("BACKWARD");
    }
  }

  private static String send(RegistryServer server, String method, String path, String body)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(server.url() + path))
                  .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                  .method(method, BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString())
          .body();
    }
  }
}
