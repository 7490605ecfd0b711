package dev.slipway.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
final class RegistryServerIT {
  private static final String PASSWORD = "pass-word.1_2";
  private static final String CREDENTIALS = "slipway:" + PASSWORD;

  @TempDir Path home;

  private final int port = FreePorts.find();

  @Test
  void keepsItsSchemasWhenItsOrphanIsReplaced() throws Exception {
    RegistryServer orphan = RegistryServer.start(home, port, PASSWORD); // never closed
    String registered =
        send("POST", "/subjects/kept-value/versions", "{\"schema\":\"\\\"string\\\"\"}");

    try (RegistryServer _ = RegistryServer.start(home, port, PASSWORD)) {
      assertThat(ProcessHandle.of(orphan.pid()).filter(ProcessHandle::isAlive)).isEmpty();
      assertThat(registered).contains("\"id\":");
      assertThat(send("GET", "/subjects", "")).isEqualTo("[\"kept-value\"]");
      assertThat(send("GET", "/config", "")).contains("BACKWARD");
    }
  }

  @Test
  void asksForThePasswordOnEveryPathAndListensNowhereElse() throws Exception {
    try (RegistryServer server = RegistryServer.start(home, port, PASSWORD)) {
      for (String path :
          List.of(
              "/",
              "/apis/ccompat/v7/subjects",
              "/apis/registry/v3/system/info",
              "/ui",
              "/ui/",
              "/health",
              "/health/live",
              "/q/health",
              "/metrics",
              "/nowhere",
              "//apis",
              "/apis/../apis/ccompat/v7/subjects",
              "/apis/%2e%2e/ui")) {
        for (String method : List.of("GET", "OPTIONS", "DELETE")) {
          assertThat(answer(method, path, "", null).statusCode()).as(method + path).isEqualTo(401);
        }
        assertThat(answer("GET", path, "", "slipway:wrong").statusCode()).as(path).isEqualTo(401);
      }
      assertThat(answer("GET", "/apis/ccompat/v7/subjects", "", CREDENTIALS).body())
          .isEqualTo("[]");
      assertThat(listeningPorts(server.pid())).containsExactly(port);
    }
  }

  @Test
  void showsItsPasswordToNobodyAndTakesAnotherAtTheNextStart() throws Exception {
    Path access = home.resolve("access.properties");
    try (RegistryServer server = RegistryServer.start(home, port, PASSWORD)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(access)))
          .isEqualTo("rw-------");
      Path process = Path.of("/proc", Long.toString(server.pid()));
      assertThat(Files.readString(process.resolve("cmdline"))).doesNotContain(PASSWORD);
      assertThat(Files.readString(process.resolve("environ"))).doesNotContain(PASSWORD);
      assertThat(Files.readString(home.resolve("registry.log"))).doesNotContain(PASSWORD);
    }

    try (RegistryServer server = RegistryServer.start(home, port, "another")) {
      assertThat(server.url()).contains("slipway:another@");
      assertThat(answer("GET", "/apis/ccompat/v7/subjects", "", CREDENTIALS).statusCode())
          .isEqualTo(401);
    }
  }

  private String send(String method, String path, String body)
      throws IOException, InterruptedException {
    return answer(method, "/apis/ccompat/v7" + path, body, CREDENTIALS).body();
  }

  private HttpResponse<String> answer(
      String method, String path, String body, @Nullable String credentials)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .method(method, BodyPublishers.ofString(body));
    if (credentials != null) {
      request.header(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)));
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  /// Where a process listens, in the kernel's words.
  private static Set<Integer> listeningPorts(long pid) throws IOException {
    Set<String> sockets = new HashSet<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (Path descriptor : descriptors.toList()) {
        if (Files.exists(descriptor, LinkOption.NOFOLLOW_LINKS)) {
          sockets.add(Files.readSymbolicLink(descriptor).toString());
        }
      }
    }
    Set<Integer> ports = new TreeSet<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] columns = line.strip().split("\\s+", -1);
        if (columns[3].equals("0A") && sockets.contains("socket:[" + columns[9] + "]")) {
          ports.add(Integer.parseInt(columns[1].substring(columns[1].indexOf(':') + 1), 16));
        }
      }
    }
    return ports;
  }
}
