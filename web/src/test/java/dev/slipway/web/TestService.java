package dev.slipway.web;

import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.KafkaProperties;
import dev.slipway.pipeline.kafka.SchemaRegistryProperties;
import dev.slipway.web.security.Caller;
import dev.slipway.web.security.JwtKeys;
import dev.slipway.web.security.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

/// A running service, unless told otherwise of [ThingConfiguration], on a free port, with signing
/// keys of its own.
public final class TestService implements AutoCloseable {
  private final ConfigurableApplicationContext context;
  private final JwtKeys keys;

  private TestService(ConfigurableApplicationContext context, JwtKeys keys) {
    this.context = context;
    this.keys = keys;
  }

  static TestService start(String... settings) {
    return start(ThingConfiguration.class, settings);
  }

  public static TestService start(Class<?> configuration, String... settings) {
    try {
      Path file = Files.createTempDirectory("slipway-web").resolve("jwt-keys.json");
      JwtKeys keys = JwtKeys.openOrCreate(file);
      String[] args =
          Stream.concat(
                  Stream.of(
                      "--server.port=0",
                      "--server.address=127.0.0.1",
                      "--slipway.security.jwt-keys=" + file),
                  Stream.of(settings))
              .toArray(String[]::new);
      return new TestService(SlipwayApplication.run(configuration, 0, args), keys);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  String token(String tenant, String subject, Scope... scopes) {
    return keys.sign(
        new Caller(tenant, subject, Set.of(scopes)), Instant.now(), Duration.ofMinutes(5));
  }

  public WebTestClient anonymous() {
    return WebTestClient.bindToServer()
        .baseUrl("http://127.0.0.1:" + port())
        .responseTimeout(Duration.ofSeconds(20))
        .build();
  }

  WebTestClient as(Scope... scopes) {
    return anonymous()
        .mutate()
        .defaultHeaders(headers -> headers.setBearerAuth(token("acme", "alice", scopes)))
        .build();
  }

  /// Sends bytes that no client would, and answers what comes back until the server closes.
  String raw(String request) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    context.close();
  }

  /// For stages that are asked, and read no records.
  static KafkaClients withoutKafka() {
    return new KafkaClients(
        new KafkaProperties("127.0.0.1:1", "", Map.of()),
        new SchemaRegistryProperties("http://127.0.0.1:1", false, Map.of()));
  }
}
