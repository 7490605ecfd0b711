package dev.slipway.sandbox.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.sandbox.command.Workers;
import dev.slipway.sandbox.command.Workplace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;

/// Workers in processes of their own are killed and paused in the middle of work on repositories;
/// who takes over is a worker in this process.
@Tag("slow")
@Timeout(180)
class KilledGitIT {
  private static final String PATH = "/home/user/site";
  private static final String UPLOAD = "POST /files";
  private static final String DOWNLOAD = "GET /files";

  @TempDir private static Path directory;
  private static Site site;
  private static Workplace place;
  private static Workers workers;
  private static String base;

  @BeforeAll
  static void start() throws IOException {
    site = new Site(directory.resolve("site"));
    base = site.create("site", Site.folder(directory.resolve("content"), "README.md", "hello\n"));
    place =
        new Workplace(
            Files.createDirectory(directory.resolve("place")),
            false,
            List.of(
                "--slipway.github.api-url=" + site.api(),
                "--slipway.github.token=" + Site.TOKEN,
                "--slipway.git.directory=" + directory.resolve("git"),
                "--slipway.git.push-timeout=4s"));
    workers = place.workers();
  }

  @AfterEach
  void clear() {
    workers.close();
    place.provider().fault("");
    site.works();
  }

  @AfterAll
  static void stop() {
    place.close();
    site.close();
  }

  private static String asked(String verb, String sandbox, Map<String, String> more) {
    var body = new HashMap<>(more);
    body.put("sandbox_id", sandbox);
    if (verb.equals("clone")) {
      body.put("repository_url", site.url("site"));
    } else {
      body.put("path", PATH);
    }
    return Workplace.json(
            place
                .api()
                .post()
                .uri("/api/v1/git/" + verb)
                .bodyValue(body)
                .exchange()
                .expectBody()
                .returnResult())
        .get("operation_id")
        .asString();
  }

  private static JsonNode succeeded(String operation) {
    JsonNode ended = place.awaitEnd(operation);
    assertThat(ended.get("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
    return ended.get("result");
  }

  /// A sandbox in which there is something to commit.
  private static String changed(String branch) {
    String sandbox = place.create(Map.of("network", "off"));
    var _ = succeeded(asked("clone", sandbox, Map.of()));
    var _ = succeeded(asked("branch", sandbox, Map.of("name", branch)));
    place
        .api()
        .put()
        .uri("/api/v1/sandboxes/{id}/files?path={path}", sandbox, PATH + "/" + branch)
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .bodyValue("changed\n".getBytes(StandardCharsets.UTF_8))
        .exchange()
        .expectStatus()
        .isOk();
    return sandbox;
  }

  private static String committed(String sandbox, String message) {
    return succeeded(asked("commit", sandbox, Map.of("message", message))).get("sha").asString();
  }

  private static String branch(String name) {
    return Site.git(
        site.bare("site"), "for-each-ref", "--format=%(objectname)", "refs/heads/" + name);
  }

  private static String delay(String match, int millis) {
    return "{\"match\": \"%s\", \"kind\": \"delay\", \"delay_ms\": %d, \"times\": 1}"
        .formatted(match, millis);
  }

  /// What lies in the home of a sandbox's user.
  private static String home(String sandbox) {
    String look = place.run(sandbox, "ls -A /home/user | grep -e site");
    var _ = place.awaitEnd(look);
    return place.output(look, "stdout");
  }

  /// In the middle of what goes in, between the patch and its commit, between the push and its
  /// record.
  @Test
  void whatAKilledWorkerHadAtHandIsDoneOnceByAnother() {
    Process first = workers.start("first");
    String cloning = place.create(Map.of("network", "off"));
    String committing = changed("patched");
    String pushing = changed("pushed");
    String pushed = committed(pushing, "pushed");
    // the first part arrives, the second does not
    int uploads = place.provider().calls(UPLOAD);
    int downloads = place.provider().calls(DOWNLOAD);
    int pushes = site.pushes();
    place
        .provider()
        .fault(String.join(",", delay(UPLOAD, 1), delay(UPLOAD, 20_000), delay(DOWNLOAD, 20_000)));
    site.fault("POST /*/*/git-receive-pack", "delay", 2_000, 1);

    String clone = asked("clone", cloning, Map.of());
    String commit = asked("commit", committing, Map.of("message", "patched"));
    await().atMost(Workplace.PATIENCE).until(() -> place.provider().calls(UPLOAD) > uploads + 1);
    await().atMost(Workplace.PATIENCE).until(() -> place.provider().calls(DOWNLOAD) > downloads);
    String push = asked("push", pushing, Map.of());
    await().atMost(Workplace.PATIENCE).until(() -> site.pushes() > pushes);
    Workers.signal("STOP", first); // its git goes on
    await().atMost(Workplace.PATIENCE).until(() -> branch("pushed").equals(pushed));
    workers.kill();
    place.provider().fault("");
    workers.takeOver("second");

    assertThat(succeeded(clone).get("head_sha").asString()).isEqualTo(base);
    assertThat(home(cloning)).isEqualTo("site\n");
    assertThat(succeeded(push).get("sha").asString()).isEqualTo(pushed);
    assertThat(site.pushes()).isEqualTo(pushes + 1);
    String made = succeeded(commit).get("sha").asString();
    assertThat(succeeded(asked("push", committing, Map.of())).get("sha").asString())
        .isEqualTo(made);
    assertThat(branch("patched")).isEqualTo(made);
    for (String operation : List.of(clone, commit, push)) {
      assertThat(place.operation(operation).get("attempt").asInt()).isEqualTo(2);
    }
    assertNothingHalf();
  }

  @Test
  void aWorkerPausedBeforeItsPushThenContinuedPushesNothing() {
    Process first = workers.start("first");
    String sandbox = changed("paused");
    String sha = committed(sandbox, "paused");
    int pushes = site.pushes();
    site.fault("GET /*/*/info/refs", "delay", 1_000, 1);
    int asked = site.references();
    String push = asked("push", sandbox, Map.of());
    await().atMost(Workplace.PATIENCE).until(() -> site.references() > asked);

    Workers.signal("STOP", first);
    workers.takeOver("second");
    assertThat(succeeded(push).get("sha").asString()).isEqualTo(sha);
    workers.closeHere();
    Workers.signal("CONT", first);

    // it does what is asked for next, which it does after what it held
    assertThat(succeeded(asked("push", sandbox, Map.of())).get("sha").asString()).isEqualTo(sha);
    assertThat(branch("paused")).isEqualTo(sha);
    assertThat(site.pushes()).isEqualTo(pushes + 1);
    assertThat(place.operation(push).get("attempt").asInt()).isEqualTo(2);
  }

  /// Neither where snapshots are nor where they are made.
  private static void assertNothingHalf() {
    for (Path worker : Folders.list(directory.resolve("git"))) {
      assertThat(Folders.list(worker.resolve("making"))).isEmpty();
      for (Path snapshot : Folders.list(worker.resolve("snapshots"))) {
        assertThat(Site.git(snapshot, "fsck", "--full")).doesNotContain("error");
      }
    }
  }
}
