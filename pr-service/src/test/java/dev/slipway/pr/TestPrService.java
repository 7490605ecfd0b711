package dev.slipway.pr;

import dev.slipway.embedded.SharedKafka;
import dev.slipway.embedded.SharedPostgres;
import dev.slipway.embedded.SharedRegistry;
import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.PartitionCounts;
import dev.slipway.pipeline.kafka.TopicAdmin;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import dev.slipway.web.SlipwayApplication;
import dev.slipway.web.security.Caller;
import dev.slipway.web.security.JwtKeys;
import dev.slipway.web.security.Scope;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

/// `pr-service` as it runs alone, on a free port, with topics and a database of its own.
final class TestPrService implements AutoCloseable {
  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final ConfigurableApplicationContext context;
  private final JwtKeys keys;

  private TestPrService(ConfigurableApplicationContext context, JwtKeys keys) {
    this.context = context;
    this.keys = keys;
  }

  static TestPrService start(String... settings) {
    return start(PrServiceConfiguration.class, List.of(), settings);
  }

  /// With other services in its context.
  ///
  /// @param topics which they need besides
  static TestPrService start(Class<?> configuration, List<Topic> topics, String... settings) {
    try {
      Path file = Files.createTempDirectory("slipway-pr").resolve("jwt-keys.json");
      JwtKeys keys = JwtKeys.openOrCreate(file);
      List<String> args =
          new ArrayList<>(
              List.of(
                  "--server.port=0",
                  "--server.address=127.0.0.1",
                  "--slipway.security.jwt-keys=" + file,
                  "--slipway.database.url=" + SharedPostgres.newDatabase(),
                  "--slipway.kafka.bootstrap-servers=" + SharedKafka.bootstrapServers(),
                  "--slipway.kafka.topic-prefix=pr" + COUNTER.incrementAndGet() + ".",
                  "--slipway.schema-registry.url=" + SharedRegistry.url()));
      args.addAll(List.of(settings));
      if (args.stream().noneMatch(setting -> setting.startsWith("--slipway.github.api-url"))) {
        // no test speaks to GitHub by accident
        args.add("--slipway.github.api-url=http://127.0.0.1:9/api/v3");
      }
      var context = SlipwayApplication.run(configuration, 0, args.toArray(String[]::new));
      var service = new TestPrService(context, keys);
      service.makeTopics(Stream.concat(Topics.all().stream(), topics.stream()).toList());
      return service;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void makeTopics(List<Topic> topics) {
    apply(topics, Map.of());
  }

  /// @param kept topics that are kept for another time than the catalogue says
  void apply(List<Topic> topics, Map<Topic, Duration> kept) {
    asAdmin(admin ->
        new TopicAdmin(admin, clients().topicNames(), PartitionCounts.catalogue(), kept)
            .apply(topics));
  }

  /// Asks Kafka.
  <T> T asAdmin(Function<Admin, T> ask) {
    try (var admin = Admin.create(clients().admin("test-topics"))) {
      return ask.apply(admin);
    }
  }

  <T> T bean(String name, Class<T> type) {
    return context.getBean(beanName(name, type), type);
  }

  KafkaClients clients() {
    return context.getBean(KafkaClients.class);
  }

  /// The one of deliveries.
  StageRunner<?, ?, ?> stage() {
    return stage("deliveryStage");
  }

  /// The runner that is a bean of this name.
  @SuppressWarnings("unchecked") // whoever names it knows
  <S, I, E> StageRunner<S, I, E> stage(String bean) {
    return (StageRunner<S, I, E>) context.getBean(beanName(bean, StageRunner.class));
  }

  private String beanName(String end, Class<?> type) {
    return Stream.of(context.getBeanNamesForType(type))
        .filter(each -> each.endsWith(end))
        .findFirst()
        .orElseThrow();
  }

  Database database() {
    return stage().database();
  }

  /// How many records its relay has published.
  double published() {
    return context
        .getBean(MeterRegistry.class)
        .get("slipway.publisher.records")
        .tag("publisher", "relay-pr")
        .counter()
        .count();
  }

  /// How many copies its stage has met that differ from what they repeat.
  double differingCopies() {
    return context
        .getBean(MeterRegistry.class)
        .get("slipway.stage.copies.differing")
        .tag("stage", "pr-service.deliveries")
        .counter()
        .count();
  }

  /// As the login that owns the schema.
  void executeAsOwner(String sql) {
    URI uri = URI.create(context.getEnvironment().getRequiredProperty("slipway.database.url"));
    String[] user = uri.getUserInfo().split(":", 2);
    String url =
        "jdbc:postgresql://%s:%d%s?currentSchema=pr"
            .formatted(uri.getHost(), uri.getPort(), uri.getPath());
    try (var connection = DriverManager.getConnection(url, user[0], user[1]);
        var statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Requests of a member of the tenant.
  WebTestClient as(String tenant, Scope... scopes) {
    var caller = new Caller(tenant, "alice", Set.of(scopes));
    String token = keys.sign(caller, Clock.systemUTC().instant(), Duration.ofMinutes(5));
    return WebTestClient.bindToServer()
        .baseUrl(
            "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port"))
        .responseTimeout(Duration.ofSeconds(20))
        .defaultHeaders(headers -> headers.setBearerAuth(token))
        .build();
  }

  @Override
  public void close() {
    context.close();
  }
}
