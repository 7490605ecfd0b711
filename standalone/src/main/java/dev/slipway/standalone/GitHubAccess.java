package dev.slipway.standalone;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.pipeline.security.SecretFiles;
import dev.slipway.standalone.directory.Endpoint;
import dev.slipway.standalone.directory.Endpoints;
import dev.slipway.web.github.GitHubApi;
import dev.slipway.web.github.GitHubProperties;
import dev.slipway.web.security.Tenants;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// How a command reaches GitHub: as services that are started with this environment do, and without
/// one as those of the data directory. Whatever the tenants file says, an operator's credential is
/// his.
///
/// @param dataDir the data directory
record GitHubAccess(Map<String, String> environment, Path dataDir) {
  private static final String PREFIX = "slipway.github.";
  private static final String SECRET_VARIABLE = "GITHUB_WEBHOOK_SECRET";
  private static final Map<String, String> SETTINGS =
      Map.of(
          "GITHUB_API_URL", "api-url",
          "GITHUB_TOKEN", "token",
          "GITHUB_APP_ID", "app-id",
          "GITHUB_APP_KEY_FILE", "app-key-file");

  /// The way to GitHub; nothing is called before somebody asks.
  GitHubApi open(Clock clock) {
    Map<String, String> settings = new HashMap<>();
    SETTINGS.forEach((variable, name) -> {
      String value = environment.getOrDefault(variable, "").strip();
      if (!value.isEmpty()) {
        settings.put(PREFIX + name, value);
      }
    });
    if (settings.isEmpty()) {
      String own =
          Endpoints.read(dataDir)
              .find(Endpoint.GITHUB)
              .orElseThrow(() ->
                  new CommandFailedException(
                      ExitCode.PREREQUISITE,
                      "no GitHub is named: set GITHUB_TOKEN, or GITHUB_API_URL for another one"));
      settings.put(PREFIX + "api-url", own);
      settings.put(PREFIX + "token", read(dataDir.resolve("github-token")));
    }
    return GitHubApi.open(properties(settings), Tenants.none(), clock);
  }

  private static GitHubProperties properties(Map<String, String> settings) {
    try (ValidatorFactory rules = Validation.buildDefaultValidatorFactory()) {
      GitHubProperties properties =
          new Binder(new MapConfigurationPropertySource(settings))
              .bind("slipway.github", GitHubProperties.class)
              .get();
      rules.getValidator().validate(properties).stream()
          .map(ConstraintViolation::getMessage)
          .sorted()
          .findFirst()
          .ifPresent(broken -> {
            throw new CommandFailedException(ExitCode.USAGE, "GitHub's variables: " + broken);
          });
      return properties;
    } catch (BindException e) {
      throw new CommandFailedException(
          ExitCode.USAGE, "GITHUB_API_URL or another of GitHub's variables is not understood");
    }
  }

  /// What webhooks are to be signed with: of several the one that is new.
  ///
  /// @param file null when none is named
  Secret webhookSecret(@Nullable Path file) {
    String found =
        file == null ? environment.getOrDefault(SECRET_VARIABLE, "").strip() : readPrivate(file);
    String all = found.isEmpty() ? readPrivate(dataDir.resolve("webhook-secret")) : found;
    return new Secret(all.split(",", -1)[0].strip());
  }

  private static String readPrivate(Path file) {
    SecretFiles.check(file);
    return read(file);
  }

  private static String read(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8).strip();
    } catch (IOException _) {
      throw new CommandFailedException(ExitCode.PREREQUISITE, "cannot read " + file);
    }
    if (text.isEmpty()) {
      throw new CommandFailedException(ExitCode.PREREQUISITE, file + " is empty");
    }
    return text;
  }
}
