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
/// is lost or doubled, nobody reads what was not committed, a position is moved by nobody else,
/// records of one key stay in one partition, and a process that was killed goes on at once.
///
/// @param producer,consumer,admin all of it, in Kafka's own names
record ClientSettings(
    Map<String, Object> producer, Map<String, Object> consumer, Map<String, Object> admin) {
  private static final Set<String> OURS =
      Set.of(
          ProducerConfig.ACKS_CONFIG,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG,
          ProducerConfig.PARTITIONER_CLASS_CONFIG,
          ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
          ConsumerConfig.GROUP_PROTOCOL_CONFIG,
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);

  ClientSettings {
    producer = Map.copyOf(producer);
    consumer = Map.copyOf(consumer);
    admin = Map.copyOf(admin);
  }

  /// What `slipway.kafka.*` says, over what the others do.
  ///
  /// @throws InvalidSettingException when nobody names a broker, or somebody what is not theirs
  static ClientSettings of(KafkaProperties kafka, SpringKafka spring) {
    Map<String, String> file =
        kafka.propertiesFile() == null ? Map.of() : read(kafka.propertiesFile());
    return new ClientSettings(
        over(file, spring.producer(), kafka),
        over(file, spring.consumer(), kafka),
        over(file, spring.admin(), kafka));
  }

  /// What `slipway.kafka.*` says alone.
  static ClientSettings of(KafkaProperties kafka) {
    Map<String, Object> client = over(Map.of(), Map.of(), kafka);
    return new ClientSettings(client, client, client);
  }

  private static Map<String, String> read(Path file) {
    Map<String, String> settings = KafkaPropertiesFile.read(file);
    requireNotOurs(settings, file.toString());
    return settings;
  }

  private static Map<String, Object> over(
      Map<String, String> file, Map<String, Object> spring, KafkaProperties kafka) {
    requireNotOurs(kafka.client(), "slipway.kafka.client");
    Map<String, Object> client = new HashMap<>(file);
    client.putAll(spring);
    client.putAll(kafka.client());
    if (!kafka.bootstrapServers().isBlank()) {
      client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
    }
    if (!(client.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG) instanceof String servers)
        || servers.isBlank()) {
      throw new InvalidSettingException(
          "no Kafka: set slipway.kafka.bootstrap-servers (KAFKA_BOOTSTRAP_SERVERS)");
    }
    return client;
  }

  /// Names what is set without its values: passwords stand among them.
  @Override
  public String toString() {
    return "ClientSettings[producer=%s, consumer=%s, admin=%s]"
        .formatted(producer.keySet(), consumer.keySet(), admin.keySet());
  }

  /// Refuses settings on which promises rest.
  ///
  /// @param where they stand
  /// @throws InvalidSettingException when there is one
  static void requireNotOurs(Map<String, String> settings, String where) {
    Set<String> refused = new TreeSet<>(settings.keySet());
    refused.retainAll(OURS);
    if (!refused.isEmpty()) {
      throw new InvalidSettingException(
          "%s sets %s, on which Slipway's own promises rest: remove it there"
              .formatted(where, String.join(", ", refused)));
    }
  }
}
