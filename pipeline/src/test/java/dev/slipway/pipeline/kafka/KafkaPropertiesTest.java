package dev.slipway.pipeline.kafka;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.pipeline.security.InvalidSettingException;
import dev.slipway.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.SslBundleSslEngineFactory;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class KafkaPropertiesTest {
  @TempDir Path folder;

  private final ApplicationContextRunner bare =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
          .withUserConfiguration(KafkaConfiguration.class);

  private final ApplicationContextRunner runner =
      bare.withPropertyValues(
          "slipway.kafka.bootstrap-servers=a:1", "slipway.schema-registry.url=http://r");

  @Test
  void theDefaultsAreNoPrefixAndRegisteringWriters() {
    runner.run(context -> {
      assertThat(context.getBean(KafkaProperties.class))
          .isEqualTo(new KafkaProperties("a:1", "", Map.of()));
      assertThat(context.getBean(SchemaRegistryProperties.class))
          .isEqualTo(new SchemaRegistryProperties("http://r", true, Map.of()));
    });
  }

  @Test
  void everySettingIsMapped() {
    runner
        .withPropertyValues(
            "slipway.kafka.topic-prefix=x.",
            "slipway.kafka.client[security.protocol]=SASL_SSL",
            "slipway.schema-registry.auto-register=false",
            "slipway.schema-registry.client[basic.auth.user.info]=u:p")
        .run(context -> {
          assertThat(context.getBean(KafkaProperties.class))
              .isEqualTo(new KafkaProperties("a:1", "x.", Map.of("security.protocol", "SASL_SSL")));
          assertThat(context.getBean(SchemaRegistryProperties.class))
              .isEqualTo(
                  new SchemaRegistryProperties(
                      "http://r", false, Map.of("basic.auth.user.info", "u:p")));
          assertThat(context.getBean(TopicNames.class)).isEqualTo(new TopicNames("x."));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "slipway.kafka.bootstrap-servers=",
        "slipway.kafka.topic-prefix=a b",
        "slipway.kafka.topic-prefx=x",
        "slipway.kafka.properties-file=/nowhere",
        "spring.kafka.listener.concurrency=3",
        "spring.kafka.bootstrap-server=b:1",
        "spring.kafka.consumer.fetch-max-wait=soon",
        "slipway.schema-registry.url=",
        "slipway.schema-registry.auto=true"
      })
  void aSenselessSettingStopsTheStart(String setting) {
    runner.withPropertyValues(setting).run(context -> assertThat(context).hasFailed());
  }

  @Test
  void withoutAddressesThereIsNoStart() {
    bare.run(context -> assertThat(context).hasFailed());
  }

  @Test
  void passwordsDoNotPrint() {
    var kafka = new KafkaProperties("a:1", "", Map.of("sasl.jaas.config", "hunter2"));
    var registry = new SchemaRegistryProperties("http://u:hunter2@r", true, Map.of("x", "hunter2"));

    assertThat(kafka.toString() + registry).doesNotContain("hunter2");
    assertThat(ClientSettings.of(kafka).toString()).doesNotContain("hunter2");
  }

  @Test
  void springsOwnKeysReachEveryClient() {
    var clients =
        clients(
            Map.ofEntries(
                entry("spring.kafka.bootstrap-servers", "a:1,b:2"),
                entry("spring.kafka.security.protocol", "SASL_SSL"),
                entry("spring.kafka.ssl.trust-store-location", "file:/etc/trust.p12"),
                entry("spring.kafka.ssl.trust-store-password", "p1"),
                entry("spring.kafka.ssl.key-store-key", "k1"),
                entry("spring.kafka.ssl.protocol", "TLSv1.3"),
                entry("spring.kafka.jaas.enabled", "true"),
                entry("spring.kafka.jaas.login-module", "a.Module"),
                entry("spring.kafka.jaas.options.password", "p\"2"),
                entry("spring.kafka.properties.sasl.mechanism", "SCRAM-SHA-512")));

    for (Map<String, Object> settings :
        List.of(clients.producer("p"), clients.consumer("c"), clients.admin("a"))) {
      assertThat(settings)
          .containsEntry("bootstrap.servers", "a:1,b:2")
          .containsEntry("security.protocol", "SASL_SSL")
          .containsEntry("ssl.truststore.location", "/etc/trust.p12")
          .containsEntry("ssl.truststore.password", "p1")
          .containsEntry("ssl.keystore.key", "k1")
          .containsEntry("ssl.protocol", "TLSv1.3")
          .containsEntry("sasl.jaas.config", "a.Module required password=\"p\\\"2\";")
          .containsEntry("sasl.mechanism", "SCRAM-SHA-512");
    }
  }

  @Test
  void theSameKeysWorkAsEnvironmentVariables() {
    var environment =
        variables(
            Map.of(
                "SPRING_KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT",
                "SPRING_KAFKA_PROPERTIES_SASL_MECHANISM", "PLAIN",
                "SLIPWAY_KAFKA_CLIENT_SASL_JAAS_CONFIG", "j",
                "SLIPWAY_KAFKA_BOOTSTRAPSERVERS", "a:1"));

    assertThat(KafkaClients.of(environment).admin("a"))
        .containsEntry("bootstrap.servers", "a:1")
        .containsEntry("security.protocol", "SASL_PLAINTEXT")
        .containsEntry("sasl.mechanism", "PLAIN")
        .containsEntry("sasl.jaas.config", "j");
  }

  @Test
  void aFileOfAClientsSettingsIsTakenAndWhatIsSaidElsewhereStandsAboveIt() throws IOException {
    Path file = file("bootstrap.servers=f:1\nsecurity.protocol=SSL\nssl.protocol=f\nlinger.ms=3\n");

    assertThat(clients(Map.of("slipway.kafka.properties-file", file)).producer("p"))
        .containsEntry("bootstrap.servers", "f:1")
        .containsEntry("security.protocol", "SSL")
        .containsEntry("linger.ms", "3")
        .containsEntry("acks", "all");
    assertThat(
            clients(
                    Map.of(
                        "slipway.kafka.properties-file", file,
                        "slipway.kafka.bootstrap-servers", "a:1",
                        "spring.kafka.bootstrap-servers", "b:1",
                        "spring.kafka.security.protocol", "SASL_SSL",
                        "spring.kafka.ssl.protocol", "s",
                        "slipway.kafka.client[ssl.protocol]", "c"))
                .admin("a"))
        .containsEntry("bootstrap.servers", "a:1")
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("ssl.protocol", "c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "acks",
        "enable.idempotence",
        "transactional.id",
        "partitioner.class",
        "value.serializer",
        "isolation.level",
        "enable.auto.commit",
        "auto.offset.reset",
        "group.id",
        "group.instance.id",
        "group.protocol",
        "partition.assignment.strategy"
      })
  void aKeyOnWhichAPromiseRestsIsRefusedWhereverItStands(String key) throws IOException {
    for (Map<String, Object> setting :
        List.<Map<String, Object>>of(
            Map.of("slipway.kafka.properties-file", file(key + "=x\n")),
            Map.of("slipway.kafka.client[" + key + "]", "x"),
            Map.of("spring.kafka.properties." + key, "x"),
            Map.of("spring.kafka.producer.properties." + key, "x"),
            Map.of("spring.kafka.consumer.properties." + key, "x"),
            Map.of("spring.kafka.admin.properties." + key, "x"))) {
      assertThatThrownBy(() -> clients(setting))
          .isInstanceOf(InvalidSettingException.class)
          .hasMessageContaining(key)
          .hasMessageContaining("remove it");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "producer.acks=all",
        "producer.transaction-id-prefix=x",
        "producer.valueSerializer=a.Class",
        "consumer.isolation-level=read_uncommitted",
        "consumer.enable-auto-commit=true",
        "consumer.auto-offset-reset=latest",
        "consumer.group-id=g",
        "consumer.key-deserializer=a.Class",
        "consumer.heartbeat-interval=1s",
        "listener.concurrency=3",
        "listener.ack-mode=record",
        "retry.topic.enabled=true",
        "streams.application-id=x",
        "template.default-topic=x",
        "admin.auto-create=false"
      })
  void aKeyOfSpringsThatIsNotTakenStopsTheStartAndIsNamed(String setting) {
    String section = setting.substring(0, setting.indexOf('.'));

    runner
        .withPropertyValues("spring.kafka." + setting)
        .run(context ->
            assertThat(context)
                .getFailure()
                .rootCause()
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("spring.kafka." + section)
                .hasMessageContaining("remove it"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SPRING_KAFKA_CONSUMER_ISOLATION_LEVEL",
        "SPRING_KAFKA_CONSUMER_ISOLATIONLEVEL",
        "SPRING_KAFKA_CONSUMER_PROPERTIES_ISOLATION_LEVEL",
        "SPRING_KAFKA_LISTENER_CONCURRENCY"
      })
  void whatIsRefusedIsRefusedAsAVariableToo(String variable) {
    assertThatThrownBy(() ->
            KafkaClients.of(
                variables(Map.of("SLIPWAY_KAFKA_BOOTSTRAPSERVERS", "a:1", variable, "1"))))
        .isInstanceOf(InvalidSettingException.class);
  }

  @Test
  void whatIsSaidOfOneKindOfClientReachesThatAlone() {
    var clients =
        clients(
            Map.ofEntries(
                entry("spring.kafka.bootstrap-servers", "a:1"),
                entry("spring.kafka.security.protocol", "SASL_SSL"),
                entry("spring.kafka.properties.sasl.mechanism", "PLAIN"),
                entry("spring.kafka.producer.compression-type", "lz4"),
                entry("spring.kafka.producer.bootstrap-servers", "p:1,p:2"),
                entry("spring.kafka.producer.properties.sasl.mechanism", "SCRAM-SHA-256"),
                entry("spring.kafka.consumer.fetch-min-size", "2KB"),
                entry("spring.kafka.consumer.max-poll-interval", "7s"),
                entry("spring.kafka.admin.security.protocol", "SSL")));

    assertThat(clients.producer("p"))
        .containsEntry("bootstrap.servers", "p:1,p:2")
        .containsEntry("compression.type", "lz4")
        .containsEntry("sasl.mechanism", "SCRAM-SHA-256")
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("acks", "all")
        .doesNotContainKeys("key.serializer", "fetch.min.bytes");
    assertThat(clients.consumer("c"))
        .containsEntry("bootstrap.servers", "a:1")
        .containsEntry("fetch.min.bytes", 2048)
        .containsEntry("max.poll.interval.ms", 7000)
        .containsEntry("sasl.mechanism", "PLAIN")
        .containsEntry("isolation.level", "read_committed")
        .doesNotContainKeys("key.deserializer", "compression.type");
    assertThat(clients.admin("a"))
        .containsEntry("bootstrap.servers", "a:1")
        .containsEntry("security.protocol", "SSL");
  }

  @Test
  void aBundleOfCertificatesIsWhatClientsTrust() {
    Map<String, Object> settings =
        Map.of(
            "spring.kafka.bootstrap-servers", "127.0.0.1:1",
            "spring.kafka.security.protocol", "SSL",
            "spring.kafka.ssl.bundle", "theirs",
            "spring.ssl.bundle.jks.theirs.truststore.location", cacerts(),
            "spring.ssl.bundle.jks.theirs.truststore.password", "changeit");

    assertTrusts(clients(settings));
    bare.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
        .withPropertyValues("slipway.schema-registry.url=http://r")
        .withPropertyValues(
            settings.entrySet().stream()
                .map(it -> it.getKey() + "=" + it.getValue())
                .toArray(String[]::new))
        .run(context -> assertTrusts(context.getBean(KafkaClients.class)));
  }

  private static void assertTrusts(KafkaClients clients) {
    for (Map<String, Object> settings :
        List.of(clients.producer("p"), clients.consumer("c"), clients.admin("a"))) {
      try (var factory = new SslBundleSslEngineFactory()) {
        assertThat(settings).containsEntry("ssl.engine.factory.class", factory.getClass());
        factory.configure(settings);
        assertThat(factory.truststore()).isNotNull();
        assertThat(factory.createClientSslEngine("b", 1, "https").getUseClientMode()).isTrue();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    try (Admin admin = Admin.create(clients.admin("a"))) { // Kafka takes it, too
      assertThat(admin).isNotNull();
    }
  }

  private static String cacerts() {
    return "file:" + System.getProperty("java.home") + "/lib/security/cacerts";
  }

  @Test
  void aBundleThatIsNotThereStopsTheStart() {
    assertThatThrownBy(() ->
            clients(
                Map.of(
                    "spring.kafka.bootstrap-servers", "a:1",
                    "spring.kafka.ssl.bundle", "nobodys")))
        .isInstanceOf(NoSuchSslBundleException.class);
  }

  @Test
  void withoutAddressesBootsOwnDefaultIsNotTaken() {
    assertThatThrownBy(() -> clients(Map.of("spring.kafka.security.protocol", "SSL")))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("KAFKA_BOOTSTRAP_SERVERS");
  }

  private static KafkaClients clients(Map<String, ?> settings) {
    return KafkaClients.of(environment(settings));
  }

  private static StandardEnvironment variables(Map<String, Object> variables) {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .replace(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
    return environment;
  }

  private static StandardEnvironment environment(Map<String, ?> settings) {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(new MapPropertySource("test", new HashMap<>(settings)));
    return environment;
  }

  private Path file(String content) throws IOException {
    Path file =
        Files.createTempFile(
            folder,
            "client",
            ".properties",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, content);
  }

  @Test
  void everyClientGetsTheInstallationsOwnSettingsOnTop() {
    var clients =
        new KafkaClients(
            new KafkaProperties("a:1", "", Map.of("linger.ms", "7")),
            new SchemaRegistryProperties("http://r", false, Map.of("http.read.timeout.ms", "9")));

    assertThat(clients.producer("p"))
        .containsEntry("linger.ms", "7")
        .containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true)
        .containsEntry("client.id", "p");
    assertThat(clients.consumer("c"))
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("enable.auto.commit", false)
        .containsEntry("auto.offset.reset", "none");
    assertThat(clients.admin("a")).containsEntry("bootstrap.servers", "a:1");
    assertThat(clients.serde())
        .containsEntry("schema.registry.url", "http://r")
        .containsEntry("auto.register.schemas", false)
        .containsEntry("http.read.timeout.ms", "9");
  }

  @Test
  void threeBrokersReplicateAndOneFlushes() {
    Map<String, String> one = TopicAdmin.settings(Topics.GITHUB_DELIVERIES, Optional.empty(), 1);
    Map<String, String> three = TopicAdmin.settings(Topics.GITHUB_DELIVERIES, Optional.empty(), 3);

    assertThat(one).containsEntry("min.insync.replicas", "1").containsEntry("flush.messages", "1");
    assertThat(three)
        .containsEntry("min.insync.replicas", "2")
        .containsEntry("flush.messages", Long.toString(Long.MAX_VALUE));
  }
}
