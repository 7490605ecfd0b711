package dev.slipway.sandbox.git;

import dev.slipway.localgithub.LocalGitHub;
import dev.slipway.localgithub.LocalGitHubSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A GitHub on this machine with repositories of `slipway`'s, and who else works on them.
final class Site implements AutoCloseable {
  /// Another in each JVM: workers of tests beside this one may be given theirs for all to see.
  static final String TOKEN = "ghs_canary%030dx".formatted(ProcessHandle.current().pid());

  static final String OWNER = "slipway";

  private static final String REFS = "/*/*/info/refs";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path directory;
  private final LocalGitHub server;
  private final HttpClient http = HttpClient.newHttpClient();

  Site(Path directory) {
    this.directory = directory;
    server =
        LocalGitHub.start(
            new LocalGitHubSettings(0, TOKEN, directory, LocalGitHubSettings.MANY_REQUESTS),
            Clock.systemUTC());
  }

  String host() {
    return "127.0.0.1:" + server.port();
  }

  URI api() {
    return server.api();
  }

  String url(String repository) {
    return "http://%s/%s/%s".formatted(host(), OWNER, repository);
  }

  /// Where a repository is on this machine.
  Path bare(String repository) {
    long id = ask("GET", "/repos/%s/%s".formatted(OWNER, repository), "").path("id").asLong();
    return directory.resolve("repositories").resolve(id + ".git");
  }

  /// A repository with what a folder holds as its first commit.
  ///
  /// @return that commit
  String create(String repository, Path content) {
    var _ = ask("POST", "/user/repos", "{\"name\": \"%s\"}".formatted(repository));
    git(content, "init", "-q", "-b", "main");
    git(content, "add", "-A", "-f");
    git(content, "commit", "-q", "--allow-empty", "-m", "first");
    // on disk: over HTTP the host takes nothing that is hostile to who clones it
    git(content, "push", "-q", bare(repository).toString(), "main");
    return git(content, "rev-parse", "HEAD");
  }

  /// One more commit on a branch, of somebody else's.
  String commit(String repository, String branch, String parent) {
    Path bare = bare(repository);
    String tree = git(bare, "rev-parse", parent + "^{tree}");
    String commit = git(bare, "commit-tree", tree, "-p", parent, "-m", "of somebody else");
    git(bare, "update-ref", "refs/heads/" + branch, commit);
    return commit;
  }

  /// Opens and merges the pull request of a branch, and removes that.
  void mergeAndRemove(String repository, String branch) {
    String path = "/repos/%s/%s".formatted(OWNER, repository);
    long number =
        ask(
                "POST",
                path + "/pulls",
                "{\"title\": \"x\", \"head\": \"%s\", \"base\": \"main\"}".formatted(branch))
            .path("number")
            .asLong();
    var _ = ask("PUT", path + "/pulls/" + number + "/merge", "{\"merge_method\": \"squash\"}");
    var _ = ask("DELETE", path + "/git/refs/heads/" + branch, "");
  }

  /// Takes an installation's token back.
  void revoke(String installation) {
    var _ = send("DELETE", "/api/v3/installation/token", "", installation);
  }

  /// Has a branch that is there take nothing but pull requests.
  void protect(String repository, String branch) {
    var _ =
        ask(
            "PUT",
            "/repos/%s/%s/branches/%s/protection".formatted(OWNER, repository, branch),
            """
            {"required_status_checks": null, "enforce_admins": true, "restrictions": null,
             "required_pull_request_reviews": {"required_approving_review_count": 1}}
            """);
  }

  /// Has a repository take no branches below a name.
  void rule(String repository, String below) {
    var _ =
        ask(
            "POST",
            "/repos/%s/%s/rulesets".formatted(OWNER, repository),
            """
            {"name": "work", "target": "branch", "enforcement": "active",
             "rules": [{"type": "creation"}],
             "conditions": {"ref_name": {"include": ["refs/heads/%s/**"], "exclude": []}}}
            """
                .formatted(below));
  }

  /// Renames a repository; who asks for the old name is sent to the new one.
  void rename(String repository, String name) {
    var _ =
        ask(
            "PATCH",
            "/repos/%s/%s".formatted(OWNER, repository),
            "{\"name\": \"%s\"}".formatted(name));
  }

  /// Whoever asks for a repository's references is answered so.
  void refuse(int status) {
    rules(
        "{\"match\": \"GET %s\", \"kind\": \"refuse\", \"status\": %d, \"times\": 1000}"
            .formatted(REFS, status));
  }

  /// Has something go wrong, in the place of all that went wrong before.
  void fault(String match, String kind, int delayMs, int times) {
    rules(
        "{\"match\": \"%s\", \"kind\": \"%s\", \"delay_ms\": %d, \"times\": %d}"
            .formatted(match, kind, delayMs, times));
  }

  void works() {
    rules("");
  }

  private void rules(String rules) {
    var _ = send("PUT", "/_slipway/faults", "{\"rules\": [%s]}".formatted(rules));
  }

  /// How often objects or references were asked for.
  int fetches() {
    return calls("POST /{owner}/{repo}/git-upload-pack");
  }

  /// How often it was asked which references there are.
  int references() {
    return calls("GET /{owner}/{repo}/info/refs");
  }

  /// How often something was pushed.
  int pushes() {
    return calls("POST /{owner}/{repo}/git-receive-pack");
  }

  private int calls(String route) {
    return send("GET", "/_slipway/calls", "").path(route).asInt();
  }

  /// Asks its API as its owner.
  JsonNode ask(String method, String path, String body) {
    return send(method, "/api/v3" + path, body);
  }

  private JsonNode send(String method, String path, String body) {
    return send(method, path, body, TOKEN);
  }

  private JsonNode send(String method, String path, String body, String token) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + host() + path))
            .header("Authorization", "Bearer " + token)
            .header("User-Agent", "test")
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new IllegalStateException("%s: %s".formatted(path, answer.body()));
      }
      return JSON.readTree(answer.body().isEmpty() ? "null" : answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Runs a person's git.
  static String git(Path directory, String... arguments) {
    var command =
        new ArrayList<>(List.of("git", "-c", "user.name=Ann", "-c", "user.email=ann@example.org"));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", arguments) + ": " + said);
      }
      return said.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// A folder with a file in it.
  static Path folder(Path directory, String file, String text) {
    try {
      Path content = directory.resolve(file);
      Files.createDirectories(content.getParent());
      Files.writeString(content, text);
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.close();
    http.close();
  }
}
