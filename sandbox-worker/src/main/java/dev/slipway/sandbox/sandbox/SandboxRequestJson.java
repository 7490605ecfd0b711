package dev.slipway.sandbox.sandbox;

import dev.slipway.web.ApiException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Body of `POST /api/v1/sandboxes`; what is null or left out has its default.
record SandboxRequestJson(
    @Nullable String template,
    @Nullable Integer timeoutSeconds,
    @Nullable Map<String, @Nullable String> metadata,
    @Nullable Map<String, @Nullable String> environment,
    @Nullable JsonNode network,
    @Nullable String repositoryUrl,
    @Nullable String name,
    @Nullable UUID taskId,
    @Nullable String executionId,
    @Nullable String squadId,
    @Nullable String agentId,
    @Nullable UUID sessionId) {
  private static final String TEMPLATE = "base";
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  static final SandboxRequestJson DEFAULTS =
      new SandboxRequestJson(
          null, null, null, null, null, null, null, null, null, null, null, null);

  SandboxSpec spec() {
    return new SandboxSpec(
        template == null ? TEMPLATE : template,
        timeoutSeconds == null ? TIMEOUT : Duration.ofSeconds(timeoutSeconds),
        texts("metadata", metadata),
        texts("environment", environment),
        network(network),
        repositoryUrl,
        name);
  }

  SandboxContext context(String userId) {
    return new SandboxContext(userId, text(taskId), executionId, squadId, agentId, text(sessionId));
  }

  private static @Nullable String text(@Nullable UUID id) {
    return Optional.ofNullable(id).map(UUID::toString).orElse(null);
  }

  /// An object whose values are strings.
  ///
  /// @throws ApiException 422 when one of them is null
  static Map<String, String> texts(String field, @Nullable Map<String, @Nullable String> given) {
    if (given == null) {
      return Map.of();
    }
    if (given.containsValue(null)) {
      throw wrongType(field, "Its values must be strings.");
    }
    return Map.copyOf(given);
  }

  private static Network network(@Nullable JsonNode given) {
    if (given == null || given.isNull()) {
      return Network.ON;
    }
    if (given.isString()) {
      return switch (given.stringValue()) {
        case "on" -> Network.ON;
        case "off" -> Network.OFF;
        default -> throw wrongNetwork();
      };
    }
    if (!given.isArray()) {
      throw wrongNetwork();
    }
    List<String> hosts = new ArrayList<>();
    for (JsonNode host : given) {
      if (!host.isString()) {
        throw wrongNetwork();
      }
      hosts.add(host.stringValue());
    }
    return Network.of(hosts);
  }

  private static ApiException wrongNetwork() {
    return wrongType("network", "It must be \"on\", \"off\" or a list of names of hosts.");
  }

  private static ApiException wrongType(String field, String detail) {
    return ApiException.invalid(field, "wrong_type", detail);
  }
}
