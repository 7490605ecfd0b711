package dev.slipway.pipeline.kafka;

import dev.slipway.pipeline.security.InvalidSettingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;

/// How to reach Kafka, in the names that every Spring Boot application takes, as far as they are
/// about all clients alike. There is no spring-kafka here: what is about its templates and
/// listeners, or about producers or consumers alone, stops the start.
///
/// @param bootstrapServers `host:port` of some brokers
/// @param properties settings in Kafka's own names
/// @param producer,consumer,admin must be empty
@ConfigurationProperties(prefix = "spring.kafka", ignoreUnknownFields = false)
record SpringKafkaProperties(
    @DefaultValue List<String> bootstrapServers,
    @DefaultValue Map<String, String> properties,
    @DefaultValue Security security,
    @DefaultValue Ssl ssl,
    @DefaultValue Jaas jaas,
    @DefaultValue Map<String, String> producer,
    @DefaultValue Map<String, String> consumer,
    @DefaultValue Map<String, String> admin) {

  SpringKafkaProperties {
    bootstrapServers = List.copyOf(bootstrapServers);
    properties = Map.copyOf(properties);
    producer = requireNone("producer", producer);
    consumer = requireNone("consumer", consumer);
    admin = requireNone("admin", admin);
  }

  private static Map<String, String> requireNone(String client, Map<String, String> settings) {
    if (!settings.isEmpty()) {
      throw new InvalidSettingException(
          ("spring.kafka.%s (%s) is not taken: Slipway's promises rest on its own settings of"
                  + " producers and consumers. What all clients have in common goes to"
                  + " spring.kafka.properties, .security, .ssl and .jaas")
              .formatted(client, String.join(", ", new TreeSet<>(settings.keySet()))));
    }
    return Map.of();
  }

  /// Everything in Kafka's own names; what stands in `properties` counts last, as in Spring Boot.
  Map<String, String> client() {
    Map<String, String> client = new HashMap<>();
    if (!bootstrapServers.isEmpty()) {
      client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, String.join(",", bootstrapServers));
    }
    put(client, CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, security.protocol());
    ssl.addTo(client);
    put(client, SaslConfigs.SASL_JAAS_CONFIG, jaas.line());
    client.putAll(properties);
    return client;
  }

  private static void put(Map<String, String> settings, String name, @Nullable String value) {
    if (value != null) {
      settings.put(name, value);
    }
  }

  /// Leaves out what may hold passwords.
  @Override
  public String toString() {
    return "SpringKafkaProperties[bootstrapServers=%s, client=%s]"
        .formatted(bootstrapServers, client().keySet());
  }

  /// @param protocol `SASL_SSL` and its like
  record Security(@Nullable String protocol) {}

  /// @param bundle must be absent: name the files
  record Ssl(
      @Nullable String bundle,
      @Nullable String keyPassword,
      @Nullable String keyStoreCertificateChain,
      @Nullable String keyStoreKey,
      @Nullable Resource keyStoreLocation,
      @Nullable String keyStorePassword,
      @Nullable String keyStoreType,
      @Nullable String trustStoreCertificates,
      @Nullable Resource trustStoreLocation,
      @Nullable String trustStorePassword,
      @Nullable String trustStoreType,
      @Nullable String protocol) {

    Ssl {
      if (bundle != null) {
        throw new InvalidSettingException(
            "spring.kafka.ssl.bundle is not taken: name the files by spring.kafka.ssl.key-store-*"
                + " and spring.kafka.ssl.trust-store-*");
      }
    }

    private void addTo(Map<String, String> client) {
      put(client, SslConfigs.SSL_KEY_PASSWORD_CONFIG, keyPassword);
      put(client, SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, keyStoreCertificateChain);
      put(client, SslConfigs.SSL_KEYSTORE_KEY_CONFIG, keyStoreKey);
      put(client, SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, file(keyStoreLocation));
      put(client, SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG, keyStorePassword);
      put(client, SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, keyStoreType);
      put(client, SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, trustStoreCertificates);
      put(client, SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, file(trustStoreLocation));
      put(client, SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG, trustStorePassword);
      put(client, SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, trustStoreType);
      put(client, SslConfigs.SSL_PROTOCOL_CONFIG, protocol);
    }

    private static @Nullable String file(@Nullable Resource resource) {
      try {
        return resource == null ? null : resource.getFile().getAbsolutePath();
      } catch (IOException e) {
        throw new UncheckedIOException(resource + " is no file", e);
      }
    }

    /// Names nothing: most of it is secret.
    @Override
    public String toString() {
      return "Ssl";
    }
  }

  /// @param enabled whether the rest counts
  /// @param loginModule class of the login module
  /// @param controlFlag `required` and its like
  /// @param options of the login module
  record Jaas(
      @DefaultValue("false") boolean enabled,
      @DefaultValue("com.sun.security.auth.module.Krb5LoginModule") String loginModule,
      @DefaultValue("required") String controlFlag,
      @DefaultValue Map<String, String> options) {

    Jaas {
      options = Map.copyOf(options);
    }

    private @Nullable String line() {
      if (!enabled) {
        return null;
      }
      return options.entrySet().stream()
          .map(option -> " %s=\"%s\"".formatted(option.getKey(), escaped(option.getValue())))
          .collect(Collectors.joining("", loginModule + " " + controlFlag, ";"));
    }

    private static String escaped(String value) {
      return value.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    /// Leaves out the options: passwords stand among them.
    @Override
    public String toString() {
      return "Jaas[" + loginModule + "]";
    }
  }
}
