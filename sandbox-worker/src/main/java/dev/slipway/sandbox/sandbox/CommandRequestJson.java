package dev.slipway.sandbox.sandbox;

import dev.slipway.web.ApiException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Body of `POST /api/v1/sandboxes/{id}/commands`; what is null or left out has its default.
record CommandRequestJson(
    @Nullable String command,
    @Nullable List<@Nullable String> argv,
    @Nullable String cwd,
    @Nullable Map<String, @Nullable String> environment,
    @Nullable Integer timeoutSeconds,
    @Nullable String stdin) {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  CommandSpec spec() {
    if (argv != null && (argv.isEmpty() || argv.contains(null))) {
      throw ApiException.invalid("argv", "wrong_type", "It must be strings, the program first.");
    }
    return new CommandSpec(
        command,
        argv == null ? List.of() : List.copyOf(argv),
        cwd,
        SandboxRequestJson.texts("environment", environment),
        timeoutSeconds == null ? TIMEOUT : Duration.ofSeconds(timeoutSeconds),
        stdin);
  }
}
