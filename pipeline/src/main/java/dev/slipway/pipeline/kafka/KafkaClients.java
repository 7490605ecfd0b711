package dev.slipway.pipeline.kafka;

import dev.slipway.pipeline.avro.KnownSchemas;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/// Settings of every Kafka client and of the serde: what the installation gives, over what all our
/// clients have in common. Each answer is a fresh map that the caller may add to.
public final class KafkaClients {
  private final KafkaProperties kafka;
  private final SchemaRegistryProperties registry;
  private final KnownSchemas schemas;

  public KafkaClients(KafkaProperties kafka, SchemaRegistryProperties registry) {
    this.kafka = kafka;
    this.registry = registry;
    this.schemas = KnownSchemas.of(registry.client());
  }

  /// The clients of an operator's tool, which needs neither a registry nor a Spring context.
  ///
  /// @param environment where the settings stand that services take too
  public static KafkaClients of(Environment environment) {
    Binder binder = Binder.get(environment);
    return new KafkaClients(
        ClientSettings.complete(
            binder.bindOrCreate("slipway.kafka", KafkaProperties.class),
            binder.bindOrCreate("spring.kafka", SpringKafkaProperties.class)),
        new SchemaRegistryProperties("none", false, Map.of()));
  }

  public TopicNames topicNames() {
    return new TopicNames(kafka.topicPrefix());
  }

  /// A producer that loses and doubles nothing: idempotent, acknowledged by all in-sync replicas.
  public Map<String, Object> producer(String clientId) {
    Map<String, Object> settings = common(clientId);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.putAll(kafka.client());
    return settings;
  }

  /// A consumer that reads committed records from the positions it is told: no commits of its own,
  /// no jumps when a position is gone.
  public Map<String, Object> consumer(String clientId) {
    Map<String, Object> settings = common(clientId);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.putAll(kafka.client());
    return settings;
  }

  public Map<String, Object> admin(String clientId) {
    Map<String, Object> settings = common(clientId);
    settings.putAll(kafka.client());
    return settings;
  }

  /// Settings of the Avro serde, in Confluent's names.
  public Map<String, Object> serde() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("schema.registry.url", registry.url());
    settings.put("auto.register.schemas", registry.autoRegister());
    settings.put("specific.avro.reader", true);
    settings.put(KnownSchemas.SETTING, schemas);
    settings.putAll(registry.client());
    return settings;
  }

  /// What all serdes with these settings know.
  KnownSchemas schemas() {
    return schemas;
  }

  private Map<String, Object> common(String clientId) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
    settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
    // A restarted broker must be found again soon: the default back-off ends at a second, and one
    // connection attempt would hang for ten when packets are dropped.
    settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
    settings.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, 3_000);
    settings.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, 5_000);
    // Metrics are read through Micrometer; JMX names of two clients in one JVM would collide.
    settings.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
    settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    return settings;
  }
}
