package dev.slipway.sandbox.e2b;

import dev.slipway.pipeline.security.Secret;
import dev.slipway.sandbox.provider.CreateRequest;
import dev.slipway.sandbox.provider.ExternalId;
import dev.slipway.sandbox.provider.ListedSandbox;
import dev.slipway.sandbox.provider.NetworkAccess;
import dev.slipway.sandbox.provider.ProviderSandbox;
import dev.slipway.sandbox.provider.SandboxDetail;
import dev.slipway.sandbox.provider.SandboxMetrics;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The bodies of E2B's control plane. Reading throws [UnreadableAnswerException].
final class ControlJson {
  private static final List<String> EVERYWHERE = List.of("0.0.0.0/0");

  private ControlJson() {}

  /// @param isOlder for the older route, which else gives a sandbox 15 seconds and no access token
  static byte[] create(CreateRequest request, boolean isOlder) {
    ObjectNode body =
        E2bJson.object()
            .put("templateID", request.template())
            .put("timeout", seconds(request.lifetime()));
    body.set("metadata", E2bJson.tree(request.metadata()));
    body.set("envVars", E2bJson.tree(request.environment()));
    if (isOlder) {
      body.put("secure", true);
    }
    switch (request.network()) {
      case NetworkAccess.On() -> {}
      case NetworkAccess.Off() -> body.put("allow_internet_access", false);
      case NetworkAccess.Hosts(List<String> names) -> body.set("network", only(names));
    }
    return E2bJson.bytes(body);
  }

  static byte[] network(NetworkAccess access) {
    return E2bJson.bytes(
        switch (access) {
          case NetworkAccess.On() -> E2bJson.object().put("allow_internet_access", true);
          case NetworkAccess.Off() -> E2bJson.object().put("allow_internet_access", false);
          case NetworkAccess.Hosts(List<String> names) -> only(names);
        });
  }

  /// Names are only looked at where everything else is denied.
  private static ObjectNode only(List<String> names) {
    ObjectNode rules = E2bJson.object();
    rules.set("allowOut", E2bJson.tree(names));
    rules.set("denyOut", E2bJson.tree(EVERYWHERE));
    return rules;
  }

  static byte[] timeout(Duration lifetime) {
    return E2bJson.bytes(E2bJson.object().put("timeout", seconds(lifetime)));
  }

  /// Rounded up: zero would end the sandbox at once.
  private static long seconds(Duration lifetime) {
    return lifetime.plusSeconds(1).minusNanos(1).toSeconds();
  }

  static JsonNode read(Answer answer) {
    return E2bJson.tryRead(answer.body())
        .orElseThrow(() -> new UnreadableAnswerException("is no JSON"));
  }

  static ProviderSandbox sandbox(JsonNode body) {
    return new ProviderSandbox(
        id(body),
        required(body, "envdVersion"),
        E2bJson.text(body, "envdAccessToken").map(ControlJson::token).orElse(null),
        E2bJson.text(body, "domain").map(ControlJson::domain).orElse(null));
  }

  static SandboxDetail detail(JsonNode body) {
    return new SandboxDetail(listed(body), sandbox(body));
  }

  static List<ListedSandbox> list(JsonNode body) {
    if (!body.isArray()) {
      throw new UnreadableAnswerException("is no list");
    }
    List<ListedSandbox> sandboxes = new ArrayList<>(body.size());
    body.forEach(item -> sandboxes.add(listed(item)));
    return sandboxes;
  }

  private static ListedSandbox listed(JsonNode item) {
    Map<String, String> metadata = new HashMap<>();
    item.path("metadata")
        .properties()
        .forEach(pair -> {
          if (pair.getValue().isString()) {
            metadata.put(pair.getKey(), pair.getValue().stringValue());
          }
        });
    return new ListedSandbox(
        id(item),
        required(item, "templateID"),
        state(E2bJson.text(item, "state").orElse("running")),
        time(item, "startedAt"),
        time(item, "endAt"),
        metadata);
  }

  /// The older listing has running ones only, and no word for it.
  private static ListedSandbox.State state(String word) {
    return switch (word) {
      case "running" -> ListedSandbox.State.RUNNING;
      case "paused" -> ListedSandbox.State.PAUSED;
      default -> ListedSandbox.State.OTHER;
    };
  }

  /// The newest measurement of all.
  static Optional<SandboxMetrics> metrics(JsonNode body) {
    return StreamSupport.stream(body.spliterator(), false)
        .map(item ->
            new SandboxMetrics(
                time(item, "timestamp"),
                (int) E2bJson.number(item, "cpuCount"),
                item.path("cpuUsedPct").asDouble(0),
                E2bJson.number(item, "memTotal"),
                E2bJson.number(item, "memUsed"),
                E2bJson.number(item, "diskTotal"),
                E2bJson.number(item, "diskUsed")))
        .max(Comparator.comparing(SandboxMetrics::at));
  }

  private static ExternalId id(JsonNode body) {
    try {
      return new ExternalId(required(body, "sandboxID"));
    } catch (IllegalArgumentException _) {
      throw new UnreadableAnswerException("has a sandboxID that is none");
    }
  }

  /// It becomes the value of a header, and what refuses a wrong one repeats it in its message.
  private static Secret token(String value) {
    if (!value.chars().allMatch(c -> c > ' ' && c < 127) || value.startsWith("secret://")) {
      throw new UnreadableAnswerException("has an access token that cannot be sent");
    }
    return new Secret(value);
  }

  private static String domain(String value) {
    if (!E2bProperties.DOMAIN.matcher(value).matches()) {
      throw new UnreadableAnswerException("has a domain that is no host name");
    }
    return value;
  }

  private static String required(JsonNode body, String field) {
    return E2bJson.text(body, field)
        .orElseThrow(() -> new UnreadableAnswerException("has no " + field));
  }

  private static Instant time(JsonNode body, String field) {
    try {
      return OffsetDateTime.parse(required(body, field)).toInstant();
    } catch (DateTimeException _) {
      throw new UnreadableAnswerException("has no time in " + field);
    }
  }
}
