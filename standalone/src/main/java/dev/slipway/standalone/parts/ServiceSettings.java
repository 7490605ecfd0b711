package dev.slipway.standalone.parts;

import dev.slipway.standalone.directory.DataDirectory;
import dev.slipway.standalone.directory.Instance;
import dev.slipway.web.security.JwtKeys;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the services of an installation are told: where its servers are, and its secrets. What the
/// environment says stands above what the data directory would give.
public final class ServiceSettings {
  private ServiceSettings() {}

  /// The settings, in the names of their properties.
  ///
  /// @param ports of the installation
  /// @param port where the services listen, on loopback
  public static Map<String, String> of(
      Map<String, String> environment,
      DataDirectory directory,
      Wiring wiring,
      Instance instance,
      Ports ports,
      int port) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("server.address", "127.0.0.1");
    settings.put("server.port", Integer.toString(port));
    // They end in our order, not in that of the JVM's hooks.
    settings.put("spring.main.register-shutdown-hook", "false");
    settings.put("spring.lifecycle.timeout-per-shutdown-phase", "8s");
    settings.put("slipway.stage.instance-id", instance.name());
    settings.put("slipway.git.directory", directory.root().resolve("git").toString());
    settings.putAll(ofJob(directory, wiring));
    settings.putAll(LocalSandboxes.settings(environment, directory, ports));
    settings.putAll(LocalRepositories.settings(environment, directory, ports));
    if (signsItsOwnTokens(environment)) {
      settings.put("slipway.security.jwt-keys", keys(directory).toString());
    }
    if (Wiring.given(environment, "GITHUB_WEBHOOK_SECRET").isEmpty()) {
      settings.put("slipway.webhook.secrets", directory.webhookSecret());
    }
    return settings;
  }

  /// Has settings say that there are no sandboxes.
  ///
  /// @param why and what to do about it
  public static void withoutSandboxes(Map<String, String> settings, String why) {
    settings.keySet().removeIf(name -> name.startsWith("slipway.e2b."));
    settings.put("slipway.sandbox.unavailable", why);
  }

  /// As the other, for a job that works with what services work with and serves nobody.
  static Map<String, String> ofJob(DataDirectory directory, Wiring wiring) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("slipway.disk.directory", directory.root().toString());
    if (wiring.own().contains(Wiring.Server.KAFKA)) {
      // it answers before its disk has it
      settings.put("slipway.outbox.boot-directory", directory.root().toString());
    }
    settings.put("slipway.kafka.bootstrap-servers", wiring.kafka());
    wiring
        .kafkaClient()
        .forEach((name, value) -> settings.put("slipway.kafka.client[" + name + "]", value));
    settings.put("slipway.schema-registry.url", wiring.registry());
    settings.put("slipway.database.url", wiring.database());
    return settings;
  }

  /// Whether tokens are signed with the keys in the data directory, and not by others or with other
  /// keys.
  static boolean signsItsOwnTokens(Map<String, String> environment) {
    return Wiring.given(environment, "SLIPWAY_JWT_KEYS").isEmpty()
        && Wiring.given(environment, "SLIPWAY_OIDC_ISSUER").isEmpty();
  }

  private static Path keys(DataDirectory directory) {
    return directory.jwtKeys(file -> {
      var _ = JwtKeys.openOrCreate(file);
    });
  }

  /// As command-line arguments of Spring Boot, which stand above every other source.
  static String[] arguments(Map<String, String> settings) {
    List<String> arguments =
        settings.entrySet().stream()
            .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
            .toList();
    return arguments.toArray(String[]::new);
  }
}
