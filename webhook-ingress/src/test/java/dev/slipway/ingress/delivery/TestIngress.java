package dev.slipway.ingress.delivery;

import dev.slipway.embedded.SharedKafka;
import dev.slipway.embedded.SharedRegistry;
import dev.slipway.ingress.IngressConfiguration;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaProperties;
import dev.slipway.pipeline.kafka.SchemaRegistryProperties;
import dev.slipway.pipeline.kafka.TopicAdmin;
import dev.slipway.schemas.Topics;
import dev.slipway.web.SlipwayApplication;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.springframework.context.ConfigurableApplicationContext;

/// The ingress on a port of its own, with topics of its own on the shared broker.
final class TestIngress implements AutoCloseable {
  static final String SECRET = "It's a Secret to Everybody";
  static final String OLD_SECRET = "the one before";

  final KafkaClients clients;
  final ConfigurableApplicationContext context;
  final URI url;

  private TestIngress(KafkaClients clients, List<String> args) {
    this.clients = clients;
    this.context =
        SlipwayApplication.run(IngressConfiguration.class, 0, args.toArray(String[]::new));
    this.url =
        URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
  }

  /// Starts one and waits until it takes deliveries.
  static TestIngress start(String... settings) {
    TestIngress ingress =
        at(
            SharedKafka.bootstrapServers(),
            SharedRegistry.url(),
            "t" + UUID.randomUUID() + ".",
            settings);
    ingress.createTopics();
    ingress.awaitReady();
    return ingress;
  }

  static TestIngress at(String bootstrap, String registry, String prefix, String... settings) {
    List<String> args = new ArrayList<>();
    args.add("--slipway.kafka.bootstrap-servers=" + bootstrap);
    args.add("--slipway.kafka.topic-prefix=" + prefix);
    args.add("--slipway.schema-registry.url=" + registry);
    args.add("--slipway.webhook.secrets=" + SECRET + "," + OLD_SECRET);
    args.add("--logging.structured.format.console=");
    args.addAll(List.of(settings));
    var clients =
        new KafkaClients(
            new KafkaProperties(bootstrap, prefix, Map.of()),
            new SchemaRegistryProperties(registry, true, Map.of()));
    return new TestIngress(clients, args);
  }

  void createTopics() {
    try (Admin admin = Admin.create(clients.admin("test"))) {
      var _ = new TopicAdmin(admin, clients.topicNames()).apply(Topics.all());
    }
  }

  void awaitReady() {
    DeliveryLog log = context.getBean(DeliveryLog.class);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> log.reachable() && log.schemaKnown());
  }

  String topic() {
    return clients.topicNames().of(Topics.GITHUB_DELIVERIES);
  }

  ReceivedRecords records() {
    return new ReceivedRecords(clients, topic());
  }

  @Override
  public void close() {
    context.close();
  }
}
