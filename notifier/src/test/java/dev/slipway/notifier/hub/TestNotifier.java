package dev.slipway.notifier.hub;

import dev.slipway.embedded.SharedRegistry;
import dev.slipway.pipeline.kafka.KafkaConfiguration;
import dev.slipway.pipeline.live.NotificationsLog;
import dev.slipway.web.SlipwayApplication;
import dev.slipway.web.security.Caller;
import dev.slipway.web.security.JwtKeys;
import dev.slipway.web.security.Scope;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.client.ReactorResourceFactory;

/// One instance with the hub alone, on a port of its own.
final class TestNotifier implements AutoCloseable {
  private static final Path KEYS_FILE = keysFile();
  private static final JwtKeys KEYS = JwtKeys.openOrCreate(KEYS_FILE);

  private final ConfigurableApplicationContext context;

  private TestNotifier(List<String> args) {
    this.context = SlipwayApplication.run(HubAlone.class, 0, args.toArray(String[]::new));
  }

  @Configuration(proxyBeanMethods = false)
  @Import({KafkaConfiguration.class, HubConfiguration.class})
  static class HubAlone {
    /// Event loops of its own: by default, the first context to close ends those of all.
    @Bean
    ReactorResourceFactory ownEventLoops() {
      ReactorResourceFactory resources = new ReactorResourceFactory();
      resources.setUseGlobalResources(false);
      resources.setShutdownQuietPeriod(Duration.ZERO);
      resources.setShutdownTimeout(Duration.ofSeconds(2));
      return resources;
    }
  }

  /// Starts one on the log of `log` and waits until it serves.
  static TestNotifier start(TestLog log, String... settings) {
    TestNotifier notifier = at(log.bootstrap(), log.prefix(), settings);
    notifier.awaitCaughtUp();
    return notifier;
  }

  static TestNotifier at(String bootstrap, String prefix, String... settings) {
    List<String> args = new ArrayList<>();
    args.add("--server.port=0");
    args.add("--server.address=127.0.0.1");
    args.add("--slipway.security.jwt-keys=" + KEYS_FILE);
    args.add("--slipway.security.clock-skew=0s");
    args.add("--slipway.kafka.bootstrap-servers=" + bootstrap);
    args.add("--slipway.kafka.topic-prefix=" + prefix);
    args.add("--slipway.schema-registry.url=" + SharedRegistry.url());
    args.add("--logging.structured.format.console=");
    args.addAll(List.of(settings));
    return new TestNotifier(args);
  }

  private static Path keysFile() {
    try {
      return Files.createTempDirectory("slipway-notifier").resolve("jwt-keys.json");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String token(String tenant) {
    return token(tenant, "alice", Duration.ofMinutes(10), Scope.EVENTS);
  }

  static String token(String tenant, String subject, Duration lifetime, Scope... scopes) {
    return KEYS.sign(new Caller(tenant, subject, Set.of(scopes)), Instant.now(), lifetime);
  }

  int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  Hub hub() {
    return context.getBean(Hub.class);
  }

  /// Sum of a meter over all of its tags.
  double meter(String name) {
    return context.getBean(MeterRegistry.class).find(name).meters().stream()
        .mapToDouble(meter -> meter.measure().iterator().next().getValue())
        .sum();
  }

  double ended(EndReason reason) {
    return context
        .getBean(MeterRegistry.class)
        .get("slipway.live.ended")
        .tag("reason", reason.value())
        .counter()
        .count();
  }

  void awaitCaughtUp() {
    var log = context.getBean(NotificationsLog.class);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> log.extent().isPresent() && meter("slipway.live.lag") == 0);
  }

  /// Waits until it knows that a partition begins there.
  void awaitStart(int partition, long offset) {
    var log = context.getBean(NotificationsLog.class);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> log.extent().filter(e -> e.range(partition).start() == offset).isPresent());
  }

  void awaitConnections(int count) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> hub().connections() == count);
  }

  SseClient connect(String tenant, String query) {
    return SseClient.connect(port(), token(tenant), query, "");
  }

  SseClient resume(String tenant, String query, String lastEventId) {
    return SseClient.connect(port(), token(tenant), query, lastEventId);
  }

  @Override
  public void close() {
    context.close();
  }
}
