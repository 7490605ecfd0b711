package dev.slipway.pipeline.kafka;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How to reach Kafka.
///
/// @param bootstrapServers `host:port` of some brokers, comma-separated
/// @param topicPrefix put in front of every topic name, so that installations can share a cluster;
///   changing it later starts with empty topics
/// @param client settings that every producer, consumer and admin client gets on top of ours, in
///   Kafka's own names (`security.protocol`, `sasl.jaas.config`, …)
@ConfigurationProperties(prefix = "slipway.kafka", ignoreUnknownFields = false)
@Validated
public record KafkaProperties(
    @NotBlank String bootstrapServers,
    @DefaultValue("") @Pattern(regexp = "[A-Za-z0-9._-]{0,100}") String topicPrefix,
    @DefaultValue @NotNull Map<String, String> client) {

  public KafkaProperties {
    client = Map.copyOf(client);
  }

  /// Names the extra settings without their values: passwords stand among them.
  @Override
  public String toString() {
    return "KafkaProperties[bootstrapServers=%s, topicPrefix=%s, client=%s]"
        .formatted(bootstrapServers, topicPrefix, client.keySet());
  }
}
