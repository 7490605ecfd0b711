package dev.slipway.pipeline.kafka;

import dev.slipway.pipeline.security.InvalidSettingException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/// Puts together what is said about Kafka's clients in three places: a file, `spring.kafka.*` and
/// `slipway.kafka.*`. What a promise rests on cannot be said in any of them: nothing acknowledged
/// is lost or doubled, nobody reads what was not committed, a position is moved by nobody else, and
/// records of one key stay in one partition.
final class ClientSettings {
  private static final Set<String> OURS =
      Set.of(
          ProducerConfig.ACKS_CONFIG,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG,
          ProducerConfig.PARTITIONER_CLASS_CONFIG,
          ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG,
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);

  private ClientSettings() {}

  /// All of it as if it had been said in `slipway.kafka.*`.
  ///
  /// @throws InvalidSettingException when nobody names a broker, or somebody what is not theirs
  static KafkaProperties complete(KafkaProperties kafka, SpringKafkaProperties spring) {
    Map<String, String> client = new HashMap<>();
    Path file = kafka.propertiesFile();
    if (file != null) {
      Map<String, String> settings = KafkaPropertiesFile.read(file);
      requireNotOurs(settings, file.toString());
      client.putAll(settings);
    }
    Map<String, String> springs = spring.client();
    requireNotOurs(springs, "spring.kafka.properties");
    client.putAll(springs);
    requireNotOurs(kafka.client(), "slipway.kafka.client");
    client.putAll(kafka.client());
    String named = client.remove(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    String servers = kafka.bootstrapServers().isBlank() ? named : kafka.bootstrapServers();
    if (servers == null || servers.isBlank()) {
      throw new InvalidSettingException(
          "no Kafka: set slipway.kafka.bootstrap-servers (KAFKA_BOOTSTRAP_SERVERS)");
    }
    return new KafkaProperties(servers, kafka.topicPrefix(), client);
  }

  private static void requireNotOurs(Map<String, String> settings, String where) {
    Set<String> refused = new TreeSet<>(settings.keySet());
    refused.retainAll(OURS);
    if (!refused.isEmpty()) {
      throw new InvalidSettingException(
          "%s sets %s, on which Slipway's own promises rest: remove it there"
              .formatted(where, String.join(", ", refused)));
    }
  }
}
