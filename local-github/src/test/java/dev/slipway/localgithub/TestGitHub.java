package dev.slipway.localgithub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// A server on a directory, and who uses it.
final class TestGitHub implements AutoCloseable {
  static final String TOKEN = "a-token-of-the-local-github";
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path directory;
  private final LocalGitHub server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private TestGitHub(Path directory, LocalGitHub server) {
    this.directory = directory;
    this.server = server;
  }

  static TestGitHub start(Path directory) {
    return start(directory, LocalGitHubSettings.MANY_REQUESTS);
  }

  static TestGitHub start(Path directory, int requests) {
    return new TestGitHub(
        directory,
        LocalGitHub.start(
            new LocalGitHubSettings(0, TOKEN, directory.resolve("github"), requests),
            Clock.systemUTC()));
  }

  URI url() {
    return server.url();
  }

  URI api() {
    return server.api();
  }

  /// An answer of the API.
  record Answer(int status, JsonNode json, HttpResponse<String> response) {
    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /// The text at a place of the answer.
    String text(String pointer) {
      return json.at(pointer).asString();
    }

    Answer is(int expected) {
      if (status != expected) {
        throw new AssertionError(
            "%s %s: %d instead of %d: %s"
                .formatted(
                    response.request().method(),
                    response.request().uri(),
                    status,
                    expected,
                    response.body()));
      }
      return this;
    }
  }

  Answer get(String path, String... headers) {
    return send("GET", path, "", headers);
  }

  Answer post(String path, String body) {
    return send("POST", path, body);
  }

  /// Sends a request to a path of the API with the owner's token.
  Answer send(String method, String path, String body, String... headers) {
    return sendTo(URI.create(api() + path), method, body, TOKEN, headers);
  }

  /// As the other, with another token.
  Answer sendAs(String token, String method, String path, String body) {
    return sendTo(URI.create(api() + path), method, body, token);
  }

  Answer sendTo(URI uri, String method, String body, String token, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("User-Agent", "test")
            .method(method, BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
      String type = response.headers().firstValue("Content-Type").orElse("");
      JsonNode json =
          type.startsWith("application/json")
              ? JSON.readTree(response.body())
              : JsonNodeFactory.instance.missingNode();
      return new Answer(response.statusCode(), json, response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  void repository(String name) {
    Answer _ = post("/user/repos", "{\"name\":\"%s\",\"auto_init\":true}".formatted(name)).is(201);
  }

  /// What a git ended with.
  record Ended(int exit, String out) {
    Ended ok() {
      if (exit != 0) {
        throw new AssertionError("git ended with " + exit + ": " + out);
      }
      return this;
    }
  }

  /// A clone of a repository by a person's git.
  Path cloned(String name) {
    Path clone = directory.resolve("clone-" + name + "-" + System.nanoTime());
    Ended _ =
        git(directory, "clone", "-q", url() + "/slipway/" + name + ".git", clone.toString()).ok();
    return clone;
  }

  /// Writes a file, commits it and pushes the branch that is checked out.
  Ended push(Path clone, String branch, String file, String content, String... options) {
    commit(clone, branch, file, content);
    List<String> command = new ArrayList<>(List.of("push", "origin", "HEAD:refs/heads/" + branch));
    command.addAll(List.of(options));
    return git(clone, command.toArray(String[]::new));
  }

  void commit(Path clone, String branch, String file, String content) {
    Ended _ = git(clone, "checkout", "-q", "-B", branch);
    try {
      Files.createDirectories(clone.resolve(file).getParent());
      Files.writeString(clone.resolve(file), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Ended _ = git(clone, "add", "-A").ok();
    Ended _ = git(clone, "commit", "-q", "-m", "Change " + file).ok();
  }

  Ended git(Path where, String... arguments) {
    return gitWith(TOKEN, where, arguments);
  }

  /// Runs git with a token.
  Ended gitWith(String token, Path where, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true);
    String basic = Base64.getEncoder().encodeToString(("x-access-token:" + token).getBytes(UTF_8));
    builder
        .environment()
        .putAll(
            Map.ofEntries(
                Map.entry("LC_ALL", "C"),
                Map.entry("GIT_TERMINAL_PROMPT", "0"),
                Map.entry("GIT_CONFIG_NOSYSTEM", "1"),
                Map.entry("GIT_CONFIG_GLOBAL", "/dev/null"),
                Map.entry("GIT_AUTHOR_NAME", "Ada"),
                Map.entry("GIT_AUTHOR_EMAIL", "ada@example.org"),
                Map.entry("GIT_COMMITTER_NAME", "Ada"),
                Map.entry("GIT_COMMITTER_EMAIL", "ada@example.org")));
    if (!token.isEmpty()) {
      builder
          .environment()
          .putAll(
              Map.of(
                  "GIT_CONFIG_COUNT", "1",
                  "GIT_CONFIG_KEY_0", "http.extraHeader",
                  "GIT_CONFIG_VALUE_0", "Authorization: Basic " + basic));
    }
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Ended(process.waitFor(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.close();
    client.close();
  }
}
