package dev.slipway.standalone.parts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.standalone.directory.DataDirectory;
import dev.slipway.standalone.directory.Instance;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceSettingsTest {
  @TempDir Path folder;

  @Test
  void nameTheServersAndTheSecretsOfTheDirectory() {
    DataDirectory directory = DataDirectory.open(folder);
    try (Instance instance = Instance.take(directory)) {

      Map<String, String> settings = settings(Map.of(), directory, instance);

      assertThat(settings)
          .containsEntry("server.address", "127.0.0.1")
          .containsEntry("server.port", "8080")
          .containsEntry("slipway.kafka.bootstrap-servers", "127.0.0.1:8083")
          .containsEntry("slipway.kafka.client[security.protocol]", "SASL_PLAINTEXT")
          .containsEntry(
              "slipway.schema-registry.url",
              "http://slipway:%s@127.0.0.1:8085/apis/ccompat/v7"
                  .formatted(directory.registryPassword()))
          .containsEntry("slipway.stage.instance-id", instance.name())
          .containsEntry("slipway.disk.directory", directory.root().toString())
          .containsEntry("slipway.outbox.boot-directory", directory.root().toString())
          .containsEntry("slipway.webhook.secrets", directory.webhookSecret())
          .containsEntry("slipway.e2b.api-key", directory.e2bApiKey())
          .containsEntry("slipway.e2b.api-url", "http://127.0.0.1:8081")
          .containsEntry("slipway.e2b.sandbox-url", "http://127.0.0.1:8081")
          .containsEntry("slipway.github.api-url", "http://127.0.0.1:8082/api/v3")
          .containsEntry("slipway.github.token", directory.githubToken())
          .containsEntry("slipway.github.budget.per-minute", "0")
          .containsEntry("slipway.github.budget.per-hour", "0")
          .containsEntry("slipway.github.budget.spacing", "0s")
          .containsEntry("slipway.git.directory", directory.root().resolve("git").toString())
          .containsEntry(
              "slipway.security.jwt-keys", directory.root().resolve("jwt-keys.json").toString());
      assertThat(ServiceSettings.arguments(settings)).contains("--server.port=8080");
    }
  }

  @Test
  void leaveSecretsToTheEnvironmentThatHasThem() {
    DataDirectory directory = DataDirectory.open(folder);
    try (Instance instance = Instance.take(directory)) {

      Map<String, String> settings =
          settings(
              Map.of("GITHUB_WEBHOOK_SECRET", "s", "SLIPWAY_OIDC_ISSUER", "https://issuer"),
              directory,
              instance);

      assertThat(settings)
          .doesNotContainKeys("slipway.webhook.secrets", "slipway.security.jwt-keys");
    }
  }

  @Test
  void noteNoBootForAKafkaThatIsNotTheirs() {
    DataDirectory directory = DataDirectory.open(folder);
    try (Instance instance = Instance.take(directory)) {

      Map<String, String> settings =
          settings(Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092"), directory, instance);

      assertThat(settings).doesNotContainKey("slipway.outbox.boot-directory");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"E2B_API_KEY", "E2B_API_URL"})
  void leaveSandboxesToTheirProviderInTheEnvironment(String variable) {
    DataDirectory directory = DataDirectory.open(folder);
    try (Instance instance = Instance.take(directory)) {

      Map<String, String> settings = settings(Map.of(variable, "given"), directory, instance);

      assertThat(settings.keySet()).noneMatch(name -> name.startsWith("slipway.e2b."));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GITHUB_API_URL", "GITHUB_TOKEN", "GITHUB_APP_ID"})
  void leaveRepositoriesToTheGitHubOfTheEnvironment(String variable) {
    DataDirectory directory = DataDirectory.open(folder);
    try (Instance instance = Instance.take(directory)) {

      Map<String, String> settings = settings(Map.of(variable, "given"), directory, instance);

      assertThat(settings.keySet()).noneMatch(name -> name.startsWith("slipway.github."));
    }
  }

  private static Map<String, String> settings(
      Map<String, String> environment, DataDirectory directory, Instance instance) {
    Ports ports = new Ports(8080);
    Wiring wiring = Wiring.of(environment, ports, directory);
    return ServiceSettings.of(environment, directory, wiring, instance, ports, ports.slipway());
  }
}
