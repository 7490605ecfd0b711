package dev.slipway.pipeline.kafka;

import dev.slipway.pipeline.security.InvalidSettingException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties.Jaas;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties.Ssl;
import org.springframework.boot.kafka.autoconfigure.SslBundleSslEngineFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;

/// `spring.kafka.*` as Spring Boot reads it, but for its defaults. What a promise of ours rests on,
/// what nothing would come of, and what nobody knows stops the start.
final class SpringKafka {
  private static final String PREFIX = "spring.kafka";

  /// On these, as on those of [ClientSettings], promises rest.
  private static final List<String> OURS =
      List.of(
          "producer.acks",
          "producer.transaction-id-prefix",
          "producer.key-serializer",
          "producer.value-serializer",
          "consumer.isolation-level",
          "consumer.enable-auto-commit",
          "consumer.auto-offset-reset",
          "consumer.group-id",
          "consumer.key-deserializer",
          "consumer.value-deserializer");

  /// These are about what is not here: commits by Kafka, templates, annotated listeners, streams,
  /// topics that Spring makes. Sessions and heartbeats are those of `slipway.*`.
  private static final List<String> IDLE =
      List.of(
          "consumer.auto-commit-interval",
          "consumer.heartbeat-interval",
          "admin.auto-create",
          "admin.close-timeout",
          "admin.fail-fast",
          "admin.modify-topic-configs",
          "admin.operation-timeout",
          "listener",
          "retry",
          "streams",
          "template");

  /// What Boot puts there for whoever says nothing.
  private static final List<String> DEFAULTS =
      List.of(
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);

  private final KafkaProperties kafka;
  private final Supplier<SslBundles> bundles;

  private SpringKafka(KafkaProperties kafka, Supplier<SslBundles> bundles) {
    this.kafka = kafka;
    this.bundles = bundles;
  }

  /// Reads it.
  ///
  /// @param bundles asked only where a bundle is named
  /// @throws InvalidSettingException when something is said that is not taken
  /// @throws org.springframework.boot.context.properties.bind.BindException when a key or a value
  ///   makes no sense
  static SpringKafka read(Environment environment, Supplier<SslBundles> bundles) {
    Binder binder = Binder.get(environment);
    refuse(binder, OURS, "%s is not taken, because Slipway's own promises rest on it: remove it");
    refuse(binder, IDLE, "%s is not taken, because nothing would come of it: remove it");
    KafkaProperties kafka =
        binder.bindOrCreate(
            PREFIX,
            Bindable.of(KafkaProperties.class),
            new NoUnboundElementsBindHandler(
                BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
    if (!isSet(binder, PREFIX + ".bootstrap-servers")) {
      kafka.setBootstrapServers(List.of());
    }
    ClientSettings.requireNotOurs(kafka.getProperties(), PREFIX + ".properties");
    ClientSettings.requireNotOurs(
        kafka.getProducer().getProperties(), PREFIX + ".producer.properties");
    ClientSettings.requireNotOurs(
        kafka.getConsumer().getProperties(), PREFIX + ".consumer.properties");
    ClientSettings.requireNotOurs(kafka.getAdmin().getProperties(), PREFIX + ".admin.properties");
    return new SpringKafka(kafka, bundles);
  }

  private static void refuse(Binder binder, List<String> keys, String message) {
    for (String key : keys) {
      String name = PREFIX + "." + key;
      if (isSet(binder, name)) {
        throw new InvalidSettingException(message.formatted(name));
      }
    }
  }

  /// Whether it is said, in whatever spelling, or something below it.
  private static boolean isSet(Binder binder, String name) {
    return binder.bind(name, Bindable.of(Object.class)).isBound()
        || binder.bind(name, Bindable.mapOf(String.class, Object.class)).isBound();
  }

  /// What is said about producers, in Kafka's own names.
  Map<String, Object> producer() {
    return said(kafka.buildProducerProperties(), kafka.getProducer().getSsl());
  }

  /// What is said about consumers, in Kafka's own names.
  Map<String, Object> consumer() {
    return said(kafka.buildConsumerProperties(), kafka.getConsumer().getSsl());
  }

  /// What is said about admin clients, in Kafka's own names.
  Map<String, Object> admin() {
    return said(kafka.buildAdminProperties(), kafka.getAdmin().getSsl());
  }

  private Map<String, Object> said(Map<String, Object> built, Ssl own) {
    built.keySet().removeAll(DEFAULTS);
    if (built.remove(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG) instanceof Collection<?> servers
        && !servers.isEmpty()) {
      built.put(
          CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
          servers.stream().map(Object::toString).collect(Collectors.joining(",")));
    }
    if (kafka.getJaas().isEnabled()) {
      built.putIfAbsent(SaslConfigs.SASL_JAAS_CONFIG, line(kafka.getJaas()));
    }
    Stream.of(own, kafka.getSsl())
        .map(Ssl::getBundle)
        .filter(SpringKafka::isGiven)
        .findFirst()
        .map(name -> bundles.get().getBundle(name))
        .ifPresent(bundle -> {
          built.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, SslBundleSslEngineFactory.class);
          built.put(SslBundle.class.getName(), bundle);
        });
    return built;
  }

  private static boolean isGiven(@Nullable String value) {
    return value != null && !value.isBlank();
  }

  /// Boot gives it to the whole JVM, and to clients in a Spring context alone.
  private static String line(Jaas jaas) {
    return jaas.getOptions().entrySet().stream()
        .map(option -> " %s=\"%s\"".formatted(option.getKey(), escaped(option.getValue())))
        .collect(
            Collectors.joining(
                "",
                jaas.getLoginModule() + " " + jaas.getControlFlag().name().toLowerCase(Locale.ROOT),
                ";"));
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
