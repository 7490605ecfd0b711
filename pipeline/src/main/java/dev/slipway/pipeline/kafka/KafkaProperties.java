package dev.slipway.pipeline.kafka;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// How to reach Kafka. Of what is said twice, `client` counts before `spring.kafka.*`
/// ([SpringKafka]) before the file, and all of them before what our clients have in common.
///
/// @param bootstrapServers `host:port` of some brokers, comma-separated; when blank, those of
///   `spring.kafka.bootstrap-servers`, else of the file
/// @param topicPrefix put in front of every topic name, so that installations can share a cluster;
///   changing it later starts with empty topics
/// @param client settings that every producer, consumer and admin client gets on top of ours, in
///   Kafka's own names (`security.protocol`, `sasl.jaas.config`, …); the keys of [ClientSettings]
///   are refused
/// @param propertiesFile such settings in a file, as Kafka's own tools take them
@ConfigurationProperties(prefix = "slipway.kafka", ignoreUnknownFields = false)
@Validated
public record KafkaProperties(
    @DefaultValue("") String bootstrapServers,
    @DefaultValue("") @Pattern(regexp = "[A-Za-z0-9._-]{0,100}") String topicPrefix,
    @DefaultValue @NotNull Map<String, String> client,
    @Nullable Path propertiesFile) {

  @ConstructorBinding
  public KafkaProperties {
    client = Map.copyOf(client);
  }

  /// Without a file.
  public KafkaProperties(String bootstrapServers, String topicPrefix, Map<String, String> client) {
    this(bootstrapServers, topicPrefix, client, null);
  }

  /// Names the extra settings without their values: passwords stand among them.
  @Override
  public String toString() {
    return "KafkaProperties[bootstrapServers=%s, topicPrefix=%s, client=%s, propertiesFile=%s]"
        .formatted(bootstrapServers, topicPrefix, client.keySet(), propertiesFile);
  }
}
