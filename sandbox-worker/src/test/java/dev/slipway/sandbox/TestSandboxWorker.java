package dev.slipway.sandbox;

import dev.slipway.embedded.SharedKafka;
import dev.slipway.embedded.SharedPostgres;
import dev.slipway.embedded.SharedRegistry;
import dev.slipway.pipeline.avro.AvroSerializer;
import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.TopicAdmin;
import dev.slipway.schemas.Topic;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.context.Context;
import dev.slipway.schemas.sandbox.SandboxCommand;
import dev.slipway.web.SlipwayApplication;
import dev.slipway.web.security.Caller;
import dev.slipway.web.security.JwtKeys;
import dev.slipway.web.security.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.reactive.server.WebTestClient;

/// What a process of the sandbox worker is, on a free port, with topics, secrets and a database of
/// its own.
public final class TestSandboxWorker implements AutoCloseable {
  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final ConfigurableApplicationContext context;
  private final JwtKeys keys;
  private final Path secrets;
  private final List<String> settings;
  private final KafkaProducer<String, byte[]> producer;
  private final AvroSerializer<SandboxCommand> serializer = new AvroSerializer<>();

  private TestSandboxWorker(
      ConfigurableApplicationContext context, JwtKeys keys, Path secrets, List<String> settings) {
    this.settings = settings;
    this.context = context;
    this.keys = keys;
    this.secrets = secrets;
    this.producer =
        new KafkaProducer<>(
            clients().producer("test-commands"), new StringSerializer(), new ByteArraySerializer());
    serializer.configure(clients().serde(), false);
  }

  /// Starts one.
  ///
  /// @param configuration of the service, or one that imports its parts
  public static TestSandboxWorker start(Class<?> configuration, String... settings) {
    try {
      Path directory = Files.createTempDirectory("slipway-sandbox");
      Path file = directory.resolve("jwt-keys.json");
      JwtKeys keys = JwtKeys.openOrCreate(file);
      List<String> args =
          new ArrayList<>(
              List.of(
                  "--server.port=0",
                  "--server.address=127.0.0.1",
                  "--slipway.security.jwt-keys=" + file,
                  "--slipway.secrets.directory=" + directory,
                  "--slipway.database.url=" + SharedPostgres.newDatabase(),
                  "--slipway.kafka.bootstrap-servers=" + SharedKafka.bootstrapServers(),
                  "--slipway.kafka.topic-prefix=sandbox" + COUNTER.incrementAndGet() + ".",
                  "--slipway.schema-registry.url=" + SharedRegistry.url()));
      List<String> shared = List.copyOf(args);
      args.addAll(List.of(settings));
      var context = SlipwayApplication.run(configuration, 0, args.toArray(String[]::new));
      var service = new TestSandboxWorker(context, keys, directory, shared);
      service.makeTopics();
      return service;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void makeTopics() {
    try (var admin = Admin.create(clients().admin("test-topics"))) {
      var _ = new TopicAdmin(admin, clients().topicNames()).apply(Topics.all());
    }
  }

  /// Takes a topic away.
  public void remove(Topic topic) {
    try (var admin = Admin.create(clients().admin("test-topics"))) {
      var _ = admin.deleteTopics(List.of(clients().topicNames().of(topic))).all().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What another process of the same installation is started with.
  public List<String> settings() {
    return settings;
  }

  /// Another process of the same installation, in this one.
  public ConfigurableApplicationContext another(List<String> more) {
    List<String> args = new ArrayList<>(settings);
    args.addAll(more);
    return SlipwayApplication.run(Another.class, 0, args.toArray(String[]::new));
  }

  @Configuration(proxyBeanMethods = false)
  @Import({SandboxWorkerConfiguration.class, OwnEventLoops.class})
  static class Another {}

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  private KafkaClients clients() {
    return context.getBean(KafkaClients.class);
  }

  /// Gives a tenant a secret.
  public void secret(String tenant, String name, String value) {
    try {
      Path folder = Files.createDirectories(secrets.resolve("tenants").resolve(tenant));
      Files.writeString(folder.resolve(name), value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Takes a secret of a tenant away.
  public void forget(String tenant, String name) {
    try {
      Files.delete(secrets.resolve("tenants").resolve(tenant).resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes a command as another service does.
  ///
  /// @return its `ce_id`
  public UUID send(UUID id, String tenant, UUID sandbox, Object body) {
    return send(id, Context.newBuilder().setTenant(tenant).setUserId("bob").build(), sandbox, body);
  }

  /// Writes a command for somebody as another service does.
  ///
  /// @return its `ce_id`
  public UUID send(UUID id, Context context, UUID sandbox, Object body) {
    String topic = clients().topicNames().of(Topics.SANDBOX_COMMANDS);
    var command = new SandboxCommand(context, body);
    var record =
        new ProducerRecord<>(topic, sandbox.toString(), serializer.serialize(topic, command));
    new CloudEvent(
            id,
            "sandbox.command",
            "test",
            Clock.systemUTC().instant().truncatedTo(ChronoUnit.MICROS),
            null,
            null,
            null)
        .addTo(record.headers());
    try {
      var _ = producer.send(record).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    return id;
  }

  /// Where it listens.
  public int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  /// The token of a member of the tenant.
  public String token(String tenant, Scope... scopes) {
    var caller = new Caller(tenant, "alice", Set.of(scopes));
    return keys.sign(caller, Clock.systemUTC().instant(), Duration.ofMinutes(5));
  }

  /// Requests of a member of the tenant.
  public WebTestClient as(String tenant, Scope... scopes) {
    String token = token(tenant, scopes);
    return WebTestClient.bindToServer()
        .baseUrl("http://127.0.0.1:" + port())
        .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(128 << 20))
        .responseTimeout(Duration.ofSeconds(20))
        .defaultHeaders(headers -> headers.setBearerAuth(token))
        .build();
  }

  @Override
  public void close() {
    producer.close();
    context.close();
  }
}
