package dev.slipway.pipeline.kafka;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.pipeline.security.InvalidSettingException;
import dev.slipway.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Binder;
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
    Binder spring =
        Binder.get(
            environment(
                Map.of(
                    "spring.kafka.ssl.key-store-password", "hunter2",
                    "spring.kafka.jaas.options.password", "hunter2",
                    "spring.kafka.properties.sasl.jaas.config", "hunter2")));
    assertThat(spring.bind("spring.kafka", SpringKafkaProperties.class).get().toString())
        .doesNotContain("hunter2");
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
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .replace(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.of(
                    "SPRING_KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT",
                    "SPRING_KAFKA_PROPERTIES_SASL_MECHANISM", "PLAIN",
                    "SLIPWAY_KAFKA_CLIENT_SASL_JAAS_CONFIG", "j",
                    "SLIPWAY_KAFKA_BOOTSTRAPSERVERS", "a:1")));

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
  @ValueSource(strings = {"acks", "enable.idempotence", "isolation.level", "enable.auto.commit"})
  void aKeyOnWhichAPromiseRestsIsRefusedWhereverItStands(String key) throws IOException {
    for (Map<String, Object> setting :
        List.<Map<String, Object>>of(
            Map.of("slipway.kafka.properties-file", file(key + "=x\n")),
            Map.of("slipway.kafka.client[" + key + "]", "x"),
            Map.of("spring.kafka.properties." + key, "x"))) {
      assertThatThrownBy(() -> clients(setting))
          .isInstanceOf(InvalidSettingException.class)
          .hasMessageContaining(key)
          .hasMessageContaining("remove it");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spring.kafka.producer.acks=1",
        "spring.kafka.consumer.isolation-level=read_uncommitted",
        "spring.kafka.consumer.enable-auto-commit=true",
        "spring.kafka.producer.properties.enable.idempotence=false",
        "spring.kafka.ssl.bundle=b"
      })
  void aSpringKeyThatIsNotTakenStopsTheStartAndSaysWhatIs(String setting) {
    runner
        .withPropertyValues(setting)
        .run(context ->
            assertThat(context)
                .getFailure()
                .rootCause()
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("spring.kafka."));
  }

  private static KafkaClients clients(Map<String, ?> settings) {
    return KafkaClients.of(environment(settings));
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
    Map<String, String> one = TopicAdmin.settings(Topics.GITHUB_DELIVERIES, 1);
    Map<String, String> three = TopicAdmin.settings(Topics.GITHUB_DELIVERIES, 3);

    assertThat(one).containsEntry("min.insync.replicas", "1").containsEntry("flush.messages", "1");
    assertThat(three)
        .containsEntry("min.insync.replicas", "2")
        .containsEntry("flush.messages", Long.toString(Long.MAX_VALUE));
  }
}
