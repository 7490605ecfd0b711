package dev.slipway.sandbox.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.locale2b.LocalE2b;
import dev.slipway.locale2b.LocalE2bSettings;
import dev.slipway.locale2b.box.BubblewrapBoxes;
import dev.slipway.locale2b.box.NetworkSettings;
import dev.slipway.sandbox.SandboxWorkerConfiguration;
import dev.slipway.sandbox.TestSandboxWorker;
import dev.slipway.web.security.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Over HTTP, in sandboxes that reach nothing.
@Tag("integration")
@Timeout(180)
class GitIT {
  private static final String KEY = "e2b_" + "0".repeat(40);
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String PATH = "/home/user/site";

  @TempDir private static Path directory;
  private static Site host;
  private static LocalE2b provider;
  private static TestSandboxWorker service;
  private static String base;
  private static String sandbox;

  @BeforeAll
  static void start() throws IOException {
    host = new Site(directory.resolve("host"));
    Path content = Files.createDirectories(directory.resolve("content"));
    Files.writeString(content.resolve("README.md"), "hello\n");
    base = host.create("site", content);
    provider =
        LocalE2b.start(
            LocalE2bSettings.of(0, KEY, directory.resolve("e2b"), directory.resolve("templates")),
            BubblewrapBoxes.open(directory.resolve("boxes"), NetworkSettings.DEFAULT),
            Clock.systemUTC());
    Path tenants = directory.resolve("tenants.json");
    Files.writeString(tenants, "{\"acme\": {\"owners\": [\"acme-labs\"]}}");
    service =
        TestSandboxWorker.start(
            SandboxWorkerConfiguration.class,
            "--slipway.e2b.api-key=" + KEY,
            "--slipway.e2b.api-url=" + provider.url(),
            "--slipway.e2b.sandbox-url=" + provider.url(),
            "--slipway.github.api-url=http://" + host.host() + "/api/v3",
            "--slipway.github.token=" + Site.TOKEN,
            "--slipway.tenants.file=" + tenants,
            "--slipway.git.directory=" + directory.resolve("worker"));
    sandbox =
        json(api()
                .post()
                .uri("/api/v1/sandboxes")
                .header("Prefer", "wait=60")
                .bodyValue(Map.of("network", "off")))
            .get("sandbox_id")
            .asString();
  }

  @AfterAll
  static void stop() {
    service.close();
    provider.close();
    host.close();
  }

  private static WebTestClient api() {
    return service.as("default", Scope.SANDBOXES);
  }

  private static JsonNode json(WebTestClient.RequestHeadersSpec<?> request) {
    byte[] body = request.exchange().expectBody().returnResult().getResponseBody();
    return JSON.readTree(body == null ? new byte[0] : body);
  }

  private static WebTestClient.RequestHeadersSpec<?> asked(String verb, Map<String, ?> body) {
    return api().post().uri("/api/v1/git/" + verb).header("Prefer", "wait=60").bodyValue(body);
  }

  private static JsonNode succeeded(String verb, Map<String, ?> body) {
    JsonNode operation = json(asked(verb, body));
    assertThat(operation.path("state").asString()).as(operation.toString()).isEqualTo("SUCCEEDED");
    assertThat(operation.path("kind").asString()).isEqualTo(verb);
    return operation.get("result");
  }

  private static void put(String path, String text) {
    api()
        .put()
        .uri("/api/v1/sandboxes/{id}/files?path={path}", sandbox, path)
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .bodyValue(text.getBytes(StandardCharsets.UTF_8))
        .exchange()
        .expectStatus()
        .isOk();
  }

  @Test
  void aRepositoryGoesInAndABranchComesOutWithTheNetworkOff() {
    JsonNode cloned =
        succeeded(
            "clone", Map.of("sandbox_id", sandbox, "repository_url", host.url("site") + ".git/"));
    assertThat(cloned)
        .isEqualTo(
            JSON.readTree(
                "{\"path\": \"%s\", \"branch\": \"main\", \"head_sha\": \"%s\"}"
                    .formatted(PATH, base)));
    assertThat(
            succeeded("branch", Map.of("sandbox_id", sandbox, "path", PATH, "name", "feature/x")))
        .isEqualTo(
            JSON.readTree("{\"branch\": \"feature/x\", \"head_sha\": \"%s\"}".formatted(base)));
    JsonNode nothing =
        json(asked("commit", Map.of("sandbox_id", sandbox, "path", PATH, "message", "nothing")));
    assertThat(nothing.at("/failure/code").asString()).isEqualTo("nothing_to_commit");
    put(PATH + "/README.md", "changed\n");
    put(PATH + "/new.txt", "new\n");
    JsonNode committed =
        succeeded(
            "commit",
            Map.of(
                "sandbox_id",
                sandbox,
                "path",
                "site",
                "message",
                "Change it",
                "author",
                Map.of("name", "Ann", "email", "ann@example.org")));
    assertThat(committed.get("files_changed").asInt()).isEqualTo(2);

    JsonNode pushed = succeeded("push", Map.of("sandbox_id", sandbox, "path", PATH));

    String sha = committed.get("sha").asString();
    assertThat(pushed)
        .isEqualTo(JSON.readTree("{\"branch\": \"feature/x\", \"sha\": \"%s\"}".formatted(sha)));
    assertThat(Site.git(host.bare("site"), "rev-parse", "feature/x")).isEqualTo(sha);
    assertThat(Site.git(host.bare("site"), "show", sha + ":new.txt")).isEqualTo("new");
  }

  @ParameterizedTest
  @CsvSource({
    "https://evil.example/acme/site, repository_url",
    "http://github.com/acme/site, repository_url",
    "https://user:secret@github.com/acme/site, repository_url",
    "ext::sh -c id, repository_url",
    "--upload-pack=id, repository_url",
    "file:///etc/passwd, repository_url",
    "git@github.com:acme/site.git, repository_url",
  })
  void anAddressThatMayNotBeFetchedIsRefusedAtOnce(String url, String field) {
    JsonNode refused =
        json(
            api()
                .post()
                .uri("/api/v1/git/clone")
                .bodyValue(Map.of("sandbox_id", sandbox, "repository_url", url)));

    assertThat(refused.path("code").asString()).isEqualTo("invalid");
    assertThat(refused.at("/errors/0/field").asString()).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource({"name, slipway/1", "name, --force", "name, a..b", "path, ../../etc"})
  void whatNobodyMayAskForIsRefusedAtOnce(String field, String value) {
    Map<String, String> body =
        field.equals("name")
            ? Map.of("sandbox_id", sandbox, "path", PATH, "name", value)
            : Map.of("sandbox_id", sandbox, "path", value, "name", "x");

    JsonNode refused = json(api().post().uri("/api/v1/git/branch").bodyValue(body));

    assertThat(refused.path("code").asString()).isEqualTo("invalid");
    assertThat(refused.at("/errors/0/field").asString()).isEqualTo(field);
  }

  /// The repository's owner is nobody's, so `default`'s, and a snapshot of it lies there.
  @Test
  void anotherTenantOpensNothingWithACredentialThatIsNotItsOwn() {
    var _ =
        succeeded(
            "clone",
            Map.of(
                "sandbox_id",
                sandbox,
                "repository_url",
                host.url("site"),
                "path",
                "/home/user/ours"));
    WebTestClient acme = service.as("acme", Scope.SANDBOXES);
    String theirs =
        json(acme.post()
                .uri("/api/v1/sandboxes")
                .header("Prefer", "wait=60")
                .bodyValue(Map.of("network", "off")))
            .get("sandbox_id")
            .asString();

    JsonNode failed =
        json(
            acme.post()
                .uri("/api/v1/git/clone")
                .header("Prefer", "wait=60")
                .bodyValue(Map.of("sandbox_id", theirs, "repository_url", host.url("site"))));

    assertThat(failed.at("/failure/code").asString()).isEqualTo("auth_failed");
  }

  @Test
  void theRepositoryOfAnotherTenantIsRefusedAtOnce() {
    JsonNode refused =
        json(
            api()
                .post()
                .uri("/api/v1/git/clone")
                .bodyValue(
                    Map.of(
                        "sandbox_id",
                        sandbox,
                        "repository_url",
                        "http://" + host.host() + "/Acme-Labs/x")));

    assertThat(refused.path("code").asString()).isEqualTo("invalid");
    assertThat(refused.at("/errors/0/field").asString()).isEqualTo("repository_url");
  }

  @Test
  void aSandboxOfAnotherTenantIsNotThere() {
    service
        .as("acme", Scope.SANDBOXES)
        .post()
        .uri("/api/v1/git/push")
        .bodyValue(Map.of("sandbox_id", sandbox, "path", PATH))
        .exchange()
        .expectStatus()
        .isNotFound();
    api()
        .post()
        .uri("/api/v1/git/push")
        .bodyValue(Map.of("sandbox_id", new UUID(1, 2), "path", PATH))
        .exchange()
        .expectStatus()
        .isNotFound();
  }

  @Test
  void workOnWhatWasNotClonedFails() {
    JsonNode failed =
        json(asked("push", Map.of("sandbox_id", sandbox, "path", "/home/user/elsewhere")));

    assertThat(failed.path("state").asString()).isEqualTo("FAILED");
    assertThat(failed.at("/failure/code").asString()).isEqualTo("not_found");
  }
}
