package dev.slipway.standalone.parts;

import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.PartitionCounts;
import dev.slipway.pipeline.kafka.TopicAdmin;
import dev.slipway.pipeline.kafka.TopicReport;
import dev.slipway.pipeline.retention.RetentionProperties;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.core.env.ConfigurableEnvironment;
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
  /// @param bootstrapServers `host:port` of some brokers
  /// @param client how to log in to them, over what the environment says in the names that the
  ///   services take too
  /// @param counts for the topics that it makes
  public static TopicCatalogue of(
      String bootstrapServers, Map<String, String> client, PartitionCounts counts) {
    ConfigurableEnvironment environment = environment(bootstrapServers, client);
    KafkaClients clients = KafkaClients.of(environment);
    Map<Topic, Duration> kept = RetentionProperties.of(environment).topics();
    Admin admin = Admin.create(clients.admin("slipway-topics"));
    return new TopicCatalogue(admin, new TopicAdmin(admin, clients.topicNames(), counts, kept));
  }

  private static ConfigurableEnvironment environment(
      String bootstrapServers, Map<String, String> client) {
    StandardEnvironment environment = new StandardEnvironment();
    Map<String, Object> given = new HashMap<>();
    given.put("slipway.kafka.bootstrap-servers", bootstrapServers);
    given.put("slipway.kafka.topic-prefix", environment.getProperty("SLIPWAY_TOPIC_PREFIX", ""));
    String file = environment.getProperty(Wiring.KAFKA_FILE_VARIABLE, "");
    if (!file.isBlank()) {
      given.put("slipway.kafka.properties-file", file);
    }
    client.forEach((name, value) -> given.put("slipway.kafka.client[" + name + "]", value));
    environment.getPropertySources().addFirst(new MapPropertySource("given", given));
    return environment;
  }

  /// Those of an installation's own broker.
  public static TopicCatalogue own(Wiring wiring) {
    return of(wiring.kafka(), wiring.kafkaClient(), PartitionCounts.oneBroker());
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
