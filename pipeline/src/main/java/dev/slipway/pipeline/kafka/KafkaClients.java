package dev.slipway.pipeline.kafka;

import dev.slipway.pipeline.avro.KnownSchemas;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.MicrometerConsumerListener;
import org.springframework.kafka.core.MicrometerProducerListener;
import org.springframework.kafka.core.ProducerFactory;

/// Kafka's clients and the serde: what the installation says about them, over what all of ours have
/// in common. Each answer of settings is a fresh map that the caller may add to.
public final class KafkaClients {
  /// Stands before client ids in the tag by which Spring tells the metrics of clients apart.
  private static final String FACTORY = "slipway";

  /// How long a broker keeps a question that it has no records for. What is assigned meanwhile is
  /// asked for after that.
  private static final int FETCH_WAIT_MILLIS = 1_000;

  private final ClientSettings client;
  private final TopicNames names;
  private final SchemaRegistryProperties registry;
  private final KnownSchemas schemas;
  private final List<ConsumerFactory.Listener<byte[], byte[]>> consumerListeners;
  private final List<ProducerFactory.Listener<byte[], byte[]>> producerListeners;
  private final ClientIds ids = new ClientIds();

  /// Clients without metrics, as `slipway.kafka.*` alone has them.
  public KafkaClients(KafkaProperties kafka, SchemaRegistryProperties registry) {
    this(ClientSettings.of(kafka), new TopicNames(kafka.topicPrefix()), registry, null);
  }

  /// @param meters gets Kafka's own metrics of clients; null for none
  KafkaClients(
      ClientSettings client,
      TopicNames names,
      SchemaRegistryProperties registry,
      @Nullable MeterRegistry meters) {
    this.client = client;
    this.names = names;
    this.registry = registry;
    this.schemas = KnownSchemas.of(registry.client());
    this.consumerListeners =
        meters == null ? List.of() : List.of(new MicrometerConsumerListener<>(meters));
    this.producerListeners =
        meters == null ? List.of() : List.of(new MicrometerProducerListener<>(meters));
  }

  /// The clients of an operator's tool, which needs neither a registry nor a Spring context.
  ///
  /// @param environment where the settings stand that services take too
  public static KafkaClients of(ConfigurableEnvironment environment) {
    KafkaProperties kafka =
        Binder.get(environment).bindOrCreate("slipway.kafka", KafkaProperties.class);
    return new KafkaClients(
        ClientSettings.of(kafka, SpringKafka.read(environment, () -> bundles(environment))),
        new TopicNames(kafka.topicPrefix()),
        new SchemaRegistryProperties("none", false, Map.of()),
        null);
  }

  private static SslBundles bundles(ConfigurableEnvironment environment) {
    try (var context = new AnnotationConfigApplicationContext()) {
      context.setEnvironment(environment);
      context.register(SslAutoConfiguration.class);
      context.refresh();
      return context.getBean(SslBundles.class);
    }
  }

  public TopicNames topicNames() {
    return names;
  }

  /// Opens a consumer of bytes. Kafka's own metrics of it (`kafka_consumer_…`) are there until it
  /// is closed; its client id gets a number where another bears it.
  ///
  /// @param settings of [#consumer], and what the caller adds
  @SuppressWarnings("resource") // the caller's
  public Consumer<byte[], byte[]> newConsumer(Map<String, Object> settings) {
    Map<String, Object> own = new HashMap<>(settings);
    String id = takeId(own);
    var factory =
        new DefaultKafkaConsumerFactory<>(
            own, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    factory.setBeanName(FACTORY);
    consumerListeners.forEach(factory::addListener);
    factory.addListener(
        new ConsumerFactory.Listener<>() {
          @Override
          public void consumerRemoved(@Nullable String name, Consumer<byte[], byte[]> consumer) {
            ids.release(id);
          }
        });
    try {
      return factory.createConsumer();
    } catch (KafkaException e) {
      ids.release(id);
      throw e;
    }
  }

  /// Opens a producer of bytes, which is the caller's to fence, to give up and to close within a
  /// bound: those of Spring's factory are shared, and closed by it. Kafka's own metrics of it
  /// (`kafka_producer_…`) are there until it is closed; its client id gets a number where another
  /// bears it.
  ///
  /// @param settings of [#producer], and what the caller adds
  public Producer<byte[], byte[]> newProducer(Map<String, Object> settings) {
    Map<String, Object> own = new HashMap<>(settings);
    String id = takeId(own);
    try {
      return new OwnProducer(own, id);
    } catch (KafkaException e) {
      ids.release(id);
      throw e;
    }
  }

  private String takeId(Map<String, Object> settings) {
    String id = ids.take(String.valueOf(settings.get(CommonClientConfigs.CLIENT_ID_CONFIG)));
    settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, id);
    return id;
  }

  private final class OwnProducer extends KafkaProducer<byte[], byte[]> {
    private final String id;

    OwnProducer(Map<String, Object> settings, String id) {
      super(settings, new ByteArraySerializer(), new ByteArraySerializer());
      this.id = id;
      producerListeners.forEach(listener -> listener.producerAdded(FACTORY + "." + id, this));
    }

    @Override
    public void close(Duration timeout) {
      try {
        super.close(timeout);
      } finally {
        producerListeners.forEach(listener -> listener.producerRemoved(FACTORY + "." + id, this));
        ids.release(id);
      }
    }
  }

  /// A producer that loses and doubles nothing: idempotent, acknowledged by all in-sync replicas.
  public Map<String, Object> producer(String clientId) {
    Map<String, Object> settings = common(clientId);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.putAll(client.producer());
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
    settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
    settings.putAll(client.consumer());
    return settings;
  }

  public Map<String, Object> admin(String clientId) {
    Map<String, Object> settings = common(clientId);
    settings.putAll(client.admin());
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
