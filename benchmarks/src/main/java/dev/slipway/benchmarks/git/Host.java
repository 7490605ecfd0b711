package dev.slipway.benchmarks.git;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.slipway.benchmarks.ChildProgram;
import dev.slipway.benchmarks.ChildProgram.Command;
import dev.slipway.benchmarks.SlipwayParts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A repository on the installation's own GitHub, made of noise, and a person who works on it.
///
/// @param url of the repository
/// @param seed the person's own clone, in which what is new comes about
/// @param environment of his git, with his credential
public record Host(URI url, Path seed, Map<String, String> environment) {
  private static final int FILE_BYTES = 100_000;
  private static final int FILES_A_FOLDER = 100;

  /// Makes the repository, and a first commit in it.
  ///
  /// @param folder an empty one
  /// @param megabytes of the repository
  public static Host of(SlipwayParts slipway, Path folder, int megabytes)
      throws IOException, InterruptedException {
    URI github = slipway.url("github");
    String token = slipway.secret("github-token");
    create(github, token);
    var host = new Host(github.resolve("/slipway/bench"), folder, environment(token));
    host.git(folder, "init", "-q", "-b", "main");
    var random = new Random(1);
    byte[] noise = new byte[FILE_BYTES];
    for (int n = 0; n < megabytes * 1_000_000L / FILE_BYTES; n++) {
      random.nextBytes(noise);
      Path file = folder.resolve("folder" + n / FILES_A_FOLDER).resolve("file" + n);
      Files.createDirectories(folder.resolve("folder" + n / FILES_A_FOLDER));
      Files.write(file, noise);
    }
    host.git(folder, "add", "-A");
    host.git(folder, "commit", "-q", "-m", "first");
    host.git(folder, "push", "-q", host.url().toString(), "main");
    return host;
  }

  private static void create(URI github, String token) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(github.resolve("/api/v3/user/repos"))
            .header("Authorization", "Bearer " + token)
            .header("User-Agent", "slipway-bench")
            .POST(BodyPublishers.ofString("{\"name\": \"bench\"}"))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 201) {
        throw new IOException(
            "a repository is not made: %d %s".formatted(answer.statusCode(), answer.body()));
      }
    }
  }

  private static Map<String, String> environment(String token) {
    String basic = Base64.getEncoder().encodeToString(("x-access-token:" + token).getBytes(UTF_8));
    var environment = new HashMap<String, String>();
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    environment.put("GIT_CONFIG_COUNT", "1");
    environment.put("GIT_CONFIG_KEY_0", "http.extraHeader");
    environment.put("GIT_CONFIG_VALUE_0", "Authorization: Basic " + basic);
    for (String who : List.of("AUTHOR", "COMMITTER")) {
      environment.put("GIT_%s_NAME".formatted(who), "Ada");
      environment.put("GIT_%s_EMAIL".formatted(who), "ada@example.org");
    }
    return environment;
  }

  /// Runs his git.
  void git(Path folder, String... arguments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("git"));
    words.addAll(List.of(arguments));
    String _ = ChildProgram.run(new Command(words, folder, environment));
  }

  /// Runs a script of his.
  void script(Path folder, String script) throws IOException, InterruptedException {
    String _ =
        ChildProgram.run(new Command(List.of("/bin/bash", "-c", script), folder, environment));
  }

  /// The branch is at a commit that nobody has fetched before.
  void moveOn() throws IOException, InterruptedException {
    git(seed, "commit", "-q", "--allow-empty", "-m", "next");
    git(seed, "push", "-q", url.toString(), "main");
  }
}
