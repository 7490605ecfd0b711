package dev.slipway.pr.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.pipeline.security.Secret;
import dev.slipway.web.github.FailureCode;
import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.github.GitHubException;
import dev.slipway.web.github.GitHubFailure;
import dev.slipway.web.github.RepositoryPath;
import dev.slipway.web.security.SecurityConfiguration;
import dev.slipway.web.security.Tenants;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/// What no GitHub should do, and what becomes of it.
class GitHubRepositoryTest {
  private static final String NAMED =
      """
      {"id":42,"full_name":"A-Org/site","clone_url":"http://h/a","html_url":"http://h/a"}\
      """;

  private final AtomicInteger pages = new AtomicInteger();
  private final HttpServer server = server();
  private final URI api = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  private final TestSite site =
      new TestSite(api, api, new Secret("t0"), new RepositoryPath("acme", "site"));
  @TempDir private Path directory;

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() {
    var _ = server.createContext("/repos/acme/site", exchange -> answer(exchange, NAMED));
    var _ = server.createContext("/repos/acme/site/pulls", this::page);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static void answer(HttpExchange exchange, String body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(200, body.length());
      exchange.getResponseBody().write(body.getBytes(UTF_8));
    }
  }

  private void page(HttpExchange exchange) throws IOException {
    exchange
        .getResponseHeaders()
        .set(
            "Link",
            "<%s/repos/acme/site/pulls?page=%d>; rel=\"next\""
                .formatted(api, pages.incrementAndGet() + 1));
    answer(exchange, "[]");
  }

  private static GitHubFailure failure(GitHubApi of, RepositoryCall call) {
    GitHubRepository repository =
        GitHub.over(of, CallBudget.UNLIMITED)
            .repository("default", new RepositoryPath("acme", "site"));
    return catchThrowableOfType(GitHubException.class, () -> call.on(repository)).failure();
  }

  private interface RepositoryCall {
    void on(GitHubRepository repository);
  }

  @Test
  void aListThatDoesNotEndIsNotTakenForWhole() {
    try (GitHubApi client = site.open()) {
      GitHubFailure failure = failure(client, of -> of.pullRequestsOf("acme", "topic"));

      assertThat(failure.code()).isEqualTo(FailureCode.TOO_LARGE);
      assertThat(failure.message()).contains("GET /repos/acme/site/pulls");
    }

    assertThat(pages).hasValue(50);
  }

  /// Whatever it was asked for by: a server may lead from the old name to the new one unsaid.
  @Test
  void aRepositoryThatIsAnotherTenantsByNowIsNotRead() throws IOException {
    Path tenants =
        Files.writeString(directory.resolve("tenants.json"), "{\"a\": {\"owners\": [\"a-org\"]}}");
    new ApplicationContextRunner()
        .withUserConfiguration(SecurityConfiguration.class)
        .withPropertyValues("slipway.tenants.file=" + tenants)
        .run(context -> {
          try (GitHubApi client = site.open(context.getBean(Tenants.class))) {
            assertThat(failure(client, GitHubRepository::read).code())
                .isEqualTo(FailureCode.FORBIDDEN);
          }
        });
  }
}
