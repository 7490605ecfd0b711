package dev.slipway.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import dev.slipway.ingress.IngressApplication;
import dev.slipway.notifier.NotifierApplication;
import dev.slipway.pr.PrServiceApplication;
import dev.slipway.sandbox.SandboxWorkerApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/// What `docker-compose.yml` says of our services; that they start, CI shows.
class ComposeTest {
  private static Map<String, Object> services() throws IOException {
    Map<String, Map<String, Object>> file =
        new Yaml().load(Files.readString(Path.of("../docker-compose.yml")));
    return file.getOrDefault("services", Map.of());
  }

  @Test
  void eachServiceIsStartedByItsOwnClass() throws IOException {
    Map<String, String> classes = new HashMap<>();
    services()
        .forEach((name, service) -> {
          if (service instanceof Map<?, ?> described
              && described.get("command") instanceof List<?> words
              && String.valueOf(words.getFirst()).endsWith("Application")) {
            classes.put(name, String.valueOf(words.getFirst()));
          }
        });

    assertThat(classes)
        .isEqualTo(
            Map.of(
                "webhook-ingress", IngressApplication.class.getName(),
                "pr-service", PrServiceApplication.class.getName(),
                "sandbox-worker", SandboxWorkerApplication.class.getName(),
                "notifier", NotifierApplication.class.getName()));
  }

  @Test
  void theSandboxWorkerIsToldWhoRunsSandboxesWhereThatIsKnown() throws IOException {
    assertThat(services())
        .extractingByKey("sandbox-worker", MAP)
        .extractingByKey("environment", MAP)
        .containsEntry("E2B_API_KEY", null)
        .containsEntry("E2B_API_URL", null)
        .containsEntry("E2B_DOMAIN", null)
        .containsEntry("E2B_SANDBOX_URL", null)
        .containsEntry("GITHUB_API_URL", null)
        .containsEntry("GITHUB_TOKEN", null);
    assertThat(services())
        .extractingByKey("pr-service", MAP)
        .extractingByKey("environment", MAP)
        .containsEntry("GITHUB_API_URL", null)
        .containsEntry("GITHUB_TOKEN", null);
  }

  /// With the profile, and with it alone.
  @Test
  void profileTestRunsTheDoublesWhereTheServicesReachThem() throws IOException {
    for (String part : List.of("local-github", "local-e2b")) {
      assertThat(services())
          .extractingByKey(part, MAP)
          .containsEntry("profiles", List.of("test"))
          .hasEntrySatisfying(
              "entrypoint",
              words ->
                  assertThat(String.valueOf(words))
                      .contains("dev.slipway.standalone.Slipway run " + part))
          .extractingByKey("environment", MAP)
          .containsEntry("SLIPWAY_LOCAL_HOST", part);
    }
    services()
        .forEach((name, service) -> {
          if (!name.startsWith("local-")) {
            assertThat(String.valueOf(service)).as(name).doesNotContain("profiles");
          }
        });
  }

  @Test
  void theServicesAreToldWhichGitHubItIs() throws IOException {
    for (String service : List.of("pr-service", "sandbox-worker")) {
      assertThat(services())
          .extractingByKey(service, MAP)
          .extractingByKey("environment", MAP)
          .containsEntry("GITHUB_API_URL", null)
          .containsEntry("GITHUB_TOKEN", null);
    }
  }
}
