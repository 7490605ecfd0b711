package dev.slipway.pipeline.kafka;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How to reach the schema registry.
///
/// @param url root of a Confluent-compatible API; several, comma-separated, are tried in turn
/// @param autoRegister whether a writer registers its schema; off, the schema must have been
///   registered by other means and is only looked up
/// @param client further settings of the serde in Confluent's names
///   (`basic.auth.credentials.source`, `basic.auth.user.info`, …)
@ConfigurationProperties(prefix = "slipway.schema-registry", ignoreUnknownFields = false)
@Validated
public record SchemaRegistryProperties(
    @NotBlank String url,
    @DefaultValue("true") boolean autoRegister,
    @DefaultValue @NotNull Map<String, String> client) {

  public SchemaRegistryProperties {
    client = Map.copyOf(client);
  }

  /// Leaves out what may hold a password: the URL's user info and the values of the extra settings.
  @Override
  public String toString() {
    return "SchemaRegistryProperties[autoRegister=%s, client=%s]"
        .formatted(autoRegister, client.keySet());
  }
}
