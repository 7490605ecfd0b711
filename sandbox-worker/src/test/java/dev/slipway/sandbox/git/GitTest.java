package dev.slipway.sandbox.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.sandbox.git.GitRun.Remote;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path directory;

  private Git git(Duration timeout) {
    return Git.in(directory, timeout, Map.of("GIT_CONFIG_GLOBAL", "/tmp/evil", "HOME", "/root"));
  }

  @Test
  void nobodyElsesConfigurationCounts() throws Exception {
    Git.Done done =
        git(PATIENCE).succeed(GitRun.of("config", "--list", "--show-origin"), () -> false);

    assertThat(done.output().lines()).allMatch(line -> line.startsWith("command line:"));
    assertThat(done.output())
        .contains("http.followredirects=false")
        .contains("protocol.allow=never")
        .contains("core.hookspath=/dev/null");
    assertThat(Folders.list(directory)).isEmpty();
  }

  @Test
  void whatItDoesNotSpeakIsNotSpoken() throws Exception {
    Path repository = directory.resolve("host");
    Files.createDirectories(repository);
    Site.git(repository, "init", "-q");

    for (String url : List.of("file://" + repository, repository.toString(), "ext::sh -c id")) {
      Git.Done done =
          git(PATIENCE)
              .run(
                  GitRun.of("ls-remote", "--", url)
                      .to(new Remote("https://github.com/a/b.git", null)),
                  () -> false);

      assertThat(done.exit()).isEqualTo(128);
      assertThat(done.errors()).contains("not allowed");
    }
  }

  /// A host that never answers shows what can be seen of a run meanwhile.
  @Test
  void aCredentialStandsInNoArgumentEnvironmentOrFile() throws Exception {
    String token = "ghs_canaryOfThisTest0123456789";
    var isStopped = new AtomicBoolean();
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort() + "/a/b.git";
      Thread running =
          Thread.ofVirtual()
              .start(() ->
                  assertThatThrownBy(() ->
                          git(PATIENCE)
                              .run(
                                  GitRun.of("ls-remote", "--", url)
                                      .to(new Remote(url, new Secret(token))),
                                  isStopped::get))
                      .isInstanceOf(StoppedException.class));
      await().atMost(PATIENCE).until(() -> processes(url).size() >= 2);

      for (Path process : processes(url)) {
        assertThat(read(process.resolve("cmdline"))).doesNotContain(token);
        assertThat(read(process.resolve("environ"))).doesNotContain(token);
      }
      for (Path file : Folders.list(directory)) {
        assertThat(read(file)).doesNotContain(token);
      }
      isStopped.set(true);
      running.join();

      await().atMost(PATIENCE).until(() -> processes(url).isEmpty());
    }
  }

  @Test
  void whatTakesTooLongEnds() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort() + "/a/b.git";

      assertThatThrownBy(() ->
              git(Duration.ofSeconds(1))
                  .run(GitRun.of("ls-remote", "--", url).to(new Remote(url, null)), () -> false))
          .isInstanceOfSatisfying(
              GitException.class, failed -> assertThat(failed.code()).isEqualTo(GitCode.TIMEOUT));
      await().atMost(PATIENCE).until(() -> processes(url).isEmpty());
    }
  }

  /// It ends by itself: whoever began it may be paused.
  @Test
  void itEndsWhenItsTimeIsOverThoughNobodyWatches() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort() + "/a/b.git";
      var watched = new CountDownLatch(1);
      CompletableFuture<Integer> running =
          CompletableFuture.supplyAsync(() -> exit(url, () -> isStuck(watched)));

      await().atMost(PATIENCE).until(() -> processes(url).size() >= 2);
      await().atMost(PATIENCE).until(() -> processes(url).isEmpty());
      watched.countDown();
      assertThatThrownBy(running::join).hasCauseInstanceOf(GitException.class);
    }
  }

  private int exit(String url, BooleanSupplier isStopped) {
    try {
      return git(Duration.ofSeconds(1))
          .run(GitRun.of("ls-remote", "--", url).to(new Remote(url, null)), isStopped)
          .exit();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isStuck(CountDownLatch latch) {
    try {
      latch.await();
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Test
  @Tag("slow")
  void itEndsWithAWorkerThatIsKilled() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort() + "/a/b.git";
      Process worker =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin/java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Runner.class.getName(),
                  directory.toString(),
                  url)
              .inheritIO()
              .start();
      await().atMost(PATIENCE).until(() -> processes(url).size() >= 3);

      worker.destroyForcibly().waitFor();

      await().atMost(PATIENCE).until(() -> processes(url).isEmpty());
    }
  }

  /// A worker that is to be killed.
  static final class Runner {
    private Runner() {}

    static void main(String... arguments) throws InterruptedException {
      var _ =
          Git.in(Path.of(arguments[0]), PATIENCE, Map.of())
              .run(
                  GitRun.of("ls-remote", "--", arguments[1]).to(new Remote(arguments[1], null)),
                  () -> false);
    }
  }

  private static List<Path> processes(String argument) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(one -> one.getFileName().toString().matches("\\d+"))
          .filter(one -> read(one.resolve("cmdline")).contains(argument))
          .toList();
    }
  }

  /// Empty when it is gone.
  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return "";
    }
  }
}
