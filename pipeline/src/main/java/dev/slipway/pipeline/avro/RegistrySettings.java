package dev.slipway.pipeline.avro;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/// The serde's settings, under Confluent's names.
///
/// | setting | meaning | default |
/// |---|---|---|
/// | `schema.registry.url` | roots of the API, comma-separated, tried in turn | required |
/// | `auto.register.schemas` | register a writer's schema, or only look it up | `true` |
/// | `basic.auth.credentials.source` | `URL` (user info of the URL) or `USER_INFO` | `URL` |
/// | `basic.auth.user.info` | `user:password` for `USER_INFO` | |
/// | `http.connect.timeout.ms` | for one connection | 2000 |
/// | `http.read.timeout.ms` | for one answer, body included | 5000 |
/// | `schema.registry.cache.size` | ids, and schemas, kept in memory | 1000 |
/// | `slipway.schema.registry.known` | the [KnownSchemas] that serdes share | some of its own |
///
/// @param urls without user info, without trailing slash
/// @param authorization value of the `Authorization` header for each of `urls`; empty = none
record RegistrySettings(
    List<URI> urls,
    List<String> authorization,
    boolean autoRegister,
    Duration connectTimeout,
    Duration readTimeout,
    KnownSchemas known) {

  RegistrySettings {
    urls = List.copyOf(urls);
    authorization = List.copyOf(authorization);
  }

  /// @throws ConfigException when a setting is missing or makes no sense
  static RegistrySettings from(Map<String, ?> settings) {
    List<URI> given =
        Arrays.stream(text(settings, "schema.registry.url", "").split(",", -1))
            .map(String::strip)
            .filter(url -> !url.isEmpty())
            .map(RegistrySettings::uri)
            .toList();
    if (given.isEmpty()) {
      throw new ConfigException("schema.registry.url is missing");
    }
    return new RegistrySettings(
        given.stream().map(RegistrySettings::withoutUserInfo).toList(),
        given.stream().map(url -> authorization(settings, url)).toList(),
        Boolean.parseBoolean(text(settings, "auto.register.schemas", "true")),
        Duration.ofMillis(number(settings, "http.connect.timeout.ms", 2_000)),
        Duration.ofMillis(number(settings, "http.read.timeout.ms", 5_000)),
        settings.get(KnownSchemas.SETTING) instanceof KnownSchemas known
            ? known
            : KnownSchemas.of(settings));
  }

  /// How many ids, and how many schemas, are kept in memory.
  static int cacheSize(Map<String, ?> settings) {
    return number(settings, "schema.registry.cache.size", 1_000);
  }

  private static String authorization(Map<String, ?> settings, URI url) {
    String source = text(settings, "basic.auth.credentials.source", "URL");
    String credentials =
        switch (source) {
          case "USER_INFO" -> text(settings, "basic.auth.user.info", "");
          case "URL" -> url.getUserInfo() == null ? "" : url.getUserInfo();
          default ->
              throw new ConfigException("basic.auth.credentials.source must be URL or USER_INFO");
        };
    return credentials.isEmpty()
        ? ""
        : "Basic "
            + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  private static URI uri(String text) {
    try {
      URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      if (uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // said below, without the value: it may hold a password
    }
    throw new ConfigException("schema.registry.url must hold http or https URLs");
  }

  private static URI withoutUserInfo(URI url) {
    return URI.create(
        url.getScheme()
            + "://"
            + (url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort()))
            + url.getRawPath());
  }

  private static int number(Map<String, ?> settings, String name, int otherwise) {
    String value = text(settings, name, Integer.toString(otherwise));
    try {
      int number = Integer.parseInt(value);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException _) {
      // said below
    }
    throw new ConfigException(name, value, "must be a positive number");
  }

  private static String text(Map<String, ?> settings, String name, String otherwise) {
    @Nullable Object value = settings.get(name);
    return value == null ? otherwise : value.toString().strip();
  }

  @Override
  public String toString() {
    return "RegistrySettings[urls=%s, autoRegister=%s]".formatted(urls, autoRegister);
  }
}
