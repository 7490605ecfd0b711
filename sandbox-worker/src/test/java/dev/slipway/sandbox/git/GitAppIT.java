package dev.slipway.sandbox.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.locale2b.LocalE2b;
import dev.slipway.locale2b.LocalE2bSettings;
import dev.slipway.locale2b.box.BubblewrapBoxes;
import dev.slipway.locale2b.box.NetworkSettings;
import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.sandbox.SandboxWorkerConfiguration;
import dev.slipway.sandbox.TestSandboxWorker;
import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.security.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Git as a GitHub App, whose installation is one tenant's.
@Tag("slow")
@Timeout(180)
class GitAppIT {
  private static final String KEY = "e2b_" + "0".repeat(40);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String PATH = "/home/user/site";
  private static final String THEIRS = "acme";
  private static final String ANOTHER = "default";

  @TempDir private static Path directory;
  private static Site site;
  private static LocalE2b provider;
  private static TestSandboxWorker service;

  @BeforeAll
  static void start() throws IOException {
    site = new Site(directory.resolve("site"));
    var _ = site.create("site", Site.folder(directory.resolve("content"), "one", "1\n"));
    provider =
        LocalE2b.start(
            LocalE2bSettings.of(0, KEY, directory.resolve("e2b"), directory.resolve("templates")),
            BubblewrapBoxes.open(directory.resolve("boxes"), NetworkSettings.DEFAULT),
            Clock.systemUTC());
    Path tenants = directory.resolve("tenants.json");
    Files.writeString(tenants, "{\"%s\": {\"installations\": [1]}}".formatted(THEIRS));
    service =
        TestSandboxWorker.start(
            SandboxWorkerConfiguration.class,
            "--slipway.e2b.api-key=" + KEY,
            "--slipway.e2b.api-url=" + provider.url(),
            "--slipway.e2b.sandbox-url=" + provider.url(),
            "--slipway.github.api-url=" + site.api(),
            "--slipway.github.app-id=1",
            "--slipway.github.app-key-file=" + directory.resolve("site/app.pem"),
            "--slipway.tenants.file=" + tenants,
            "--slipway.git.directory=" + directory.resolve("worker"));
  }

  @AfterAll
  static void stop() {
    service.close();
    provider.close();
    site.close();
  }

  private static String sandbox(String tenant) {
    return json(api(tenant)
            .post()
            .uri("/api/v1/sandboxes")
            .header("Prefer", "wait=60")
            .bodyValue(Map.of("network", "off")))
        .get("sandbox_id")
        .asString();
  }

  private static WebTestClient api(String tenant) {
    return service.as(tenant, Scope.SANDBOXES);
  }

  private static JsonNode json(WebTestClient.RequestHeadersSpec<?> request) {
    byte[] body = request.exchange().expectBody().returnResult().getResponseBody();
    return JSON.readTree(body == null ? new byte[0] : body);
  }

  private static JsonNode done(
      String tenant, String verb, String sandbox, Map<String, String> more) {
    var body = new HashMap<>(more);
    body.put("sandbox_id", sandbox);
    body.put("path", PATH);
    return json(
        api(tenant).post().uri("/api/v1/git/" + verb).header("Prefer", "wait=60").bodyValue(body));
  }

  private static JsonNode cloned(String tenant, String sandbox) {
    return done(tenant, "clone", sandbox, Map.of("repository_url", site.url("site")));
  }

  private static JsonNode result(JsonNode operation) {
    assertThat(operation.path("state").asString()).as(operation.toString()).isEqualTo("SUCCEEDED");
    return operation.get("result");
  }

  private static String committed(String sandbox, String file) {
    api(THEIRS)
        .put()
        .uri("/api/v1/sandboxes/{id}/files?path={path}", sandbox, PATH + "/" + file)
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .bodyValue(file.getBytes(StandardCharsets.UTF_8))
        .exchange()
        .expectStatus()
        .isOk();
    return result(done(THEIRS, "commit", sandbox, Map.of("message", file))).get("sha").asString();
  }

  private static void revoke() {
    String token =
        service
            .bean(GitHubApi.class)
            .credentials()
            .of(THEIRS, RepositoryUrl.parse(site.url("site")).orElseThrow())
            .token()
            .orElseThrow()
            .value();
    assertThat(token).startsWith("ghs_");
    site.revoke(token);
  }

  @Test
  void aRepositoryIsTheTenantsWhoseInstallationItHas() {
    String sandbox = sandbox(THEIRS);
    var _ = result(cloned(THEIRS, sandbox));
    var _ = result(done(THEIRS, "branch", sandbox, Map.of("name", "work")));
    String first = committed(sandbox, "two");

    assertThat(result(done(THEIRS, "push", sandbox, Map.of())).get("sha").asString())
        .isEqualTo(first);

    // its snapshot lies there
    JsonNode refused = cloned(ANOTHER, sandbox(ANOTHER));
    assertThat(refused.at("/failure/code").asString()).isEqualTo("forbidden");
    assertThat(refused.at("/failure/message").asString()).contains("another tenant's");

    revoke();
    String second = committed(sandbox, "three");
    assertThat(result(done(THEIRS, "push", sandbox, Map.of())).get("sha").asString())
        .isEqualTo(second);
    assertThat(Site.git(site.bare("site"), "log", "--format=%H", "-2", "work"))
        .isEqualTo(second + "\n" + first);
  }
}
