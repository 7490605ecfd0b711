package dev.slipway.standalone.parts;

import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaProperties;
import dev.slipway.pipeline.kafka.SchemaRegistryProperties;
import dev.slipway.pipeline.kafka.TopicAdmin;
import dev.slipway.pipeline.kafka.TopicReport;
import dev.slipway.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/// The topics of a cluster, held against the catalogue.
public final class TopicCatalogue implements AutoCloseable {
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private final Admin client;
  private final TopicAdmin topics;

  private TopicCatalogue(Admin client, TopicAdmin topics) {
    this.client = client;
    this.topics = topics;
  }

  /// The topics of the cluster that these brokers belong to.
  ///
  /// @param bootstrapServers `host:port` of some brokers; how to log in to them comes from the
  ///   environment, in the names that the services take too
  public static TopicCatalogue of(String bootstrapServers) {
    KafkaProperties properties = properties(bootstrapServers);
    KafkaClients clients =
        new KafkaClients(properties, new SchemaRegistryProperties("none", false, Map.of()));
    Admin client = Admin.create(clients.admin("slipway-topics"));
    return new TopicCatalogue(client, new TopicAdmin(client, clients.topicNames()));
  }

  private static KafkaProperties properties(String bootstrapServers) {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new MapPropertySource(
                "given",
                Map.of(
                    "slipway.kafka.bootstrap-servers",
                    bootstrapServers,
                    "slipway.kafka.topic-prefix",
                    environment.getProperty("SLIPWAY_TOPIC_PREFIX", ""))));
    return Binder.get(environment).bind("slipway.kafka", KafkaProperties.class).get();
  }

  public List<TopicReport> list() {
    return topics.list(Topics.all());
  }

  /// Creates what is missing and mends what can be mended.
  public void apply() {
    List<TopicReport> _ = topics.apply(Topics.all());
  }

  @Override
  public void close() {
    client.close(CLOSE_LIMIT);
  }
}
