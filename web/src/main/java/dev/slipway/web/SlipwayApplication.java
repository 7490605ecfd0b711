package dev.slipway.web;

import dev.slipway.pipeline.disk.DiskProperties;
import dev.slipway.pipeline.disk.DiskSpace;
import dev.slipway.pipeline.observability.RestrainedLogs;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.web.health.ObservabilityConfiguration;
import dev.slipway.web.security.SecurityConfiguration;
import dev.slipway.web.security.TenantsConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.metrics.KafkaMetricsAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.LifecycleProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.AbstractApplicationContext;

/// Starts a service. Defaults live here and in the records of properties, never in an
/// `application.yml`: several services share one class path in `standalone`, and one file would
/// hide the others.
///
/// Every setting can be given as argument (`--slipway.kafka.topic-prefix=x.`), as environment
/// variable in Spring's spelling (`SLIPWAY_KAFKA_TOPIC_PREFIX`), or, for the ones everybody needs,
/// by the short names of [#SHORT_NAMES].
public final class SlipwayApplication {
  /// Environment variables and the settings they stand for. One that is empty counts as not set.
  static final Map<String, String> SHORT_NAMES =
      Map.ofEntries(
          Map.entry("PORT", "server.port"),
          Map.entry("DATABASE_URL", "slipway.database.url"),
          Map.entry("KAFKA_BOOTSTRAP_SERVERS", "slipway.kafka.bootstrap-servers"),
          Map.entry("KAFKA_PROPERTIES_FILE", "slipway.kafka.properties-file"),
          Map.entry("SCHEMA_REGISTRY_URL", "slipway.schema-registry.url"),
          Map.entry("SLIPWAY_TOPIC_PREFIX", "slipway.kafka.topic-prefix"),
          Map.entry("SLIPWAY_OIDC_ISSUER", "slipway.security.oidc-issuer"),
          Map.entry("SLIPWAY_JWT_KEYS", "slipway.security.jwt-keys"),
          Map.entry("SLIPWAY_MAX_TOKEN_LIFE", "slipway.security.max-token-life"),
          Map.entry("SLIPWAY_TENANTS_FILE", "slipway.tenants.file"),
          Map.entry("SLIPWAY_SECRETS_DIR", "slipway.secrets.directory"),
          Map.entry("GITHUB_WEBHOOK_SECRET", "slipway.webhook.secrets"),
          Map.entry("E2B_API_KEY", "slipway.e2b.api-key"),
          Map.entry("E2B_API_URL", "slipway.e2b.api-url"),
          Map.entry("E2B_SANDBOX_URL", "slipway.e2b.sandbox-url"),
          Map.entry("E2B_DOMAIN", "slipway.e2b.domain"),
          Map.entry("GITHUB_API_URL", "slipway.github.api-url"),
          Map.entry("GITHUB_TOKEN", "slipway.github.token"),
          Map.entry("GITHUB_APP_ID", "slipway.github.app-id"),
          Map.entry("GITHUB_APP_KEY_FILE", "slipway.github.app-key-file"));

  private static final Map<String, Object> FIXED =
      Map.ofEntries(
          Map.entry("logging.structured.format.console", "ecs"),
          // It warns that the documentation is there.
          Map.entry("logging.level.org.springdoc", "error"),
          // Its warnings repeat what each unreadable request is already answered, and tell of
          // clients
          // that went.
          Map.entry("logging.level.reactor.netty", "error"),
          Map.entry("spring.threads.virtual.enabled", true),
          Map.entry("spring.lifecycle.timeout-per-shutdown-phase", "20s"),
          // A command with 1 MiB for its standard input, escaped as JSON wants it.
          Map.entry("spring.http.codecs.max-in-memory-size", "3MB"),
          // Nothing that a jar happens to bring is served; the documentation page has its own
          // mapping.
          Map.entry("spring.web.resources.add-mappings", false),
          // Checked in WebProperties.
          Map.entry("server.netty.max-initial-line-length", "${slipway.web.max-request-line:64KB}"),
          // Connections that nobody uses; requests in flight do not count, but those of a
          // DirectRoute
          // whose body pauses for as long.
          Map.entry("server.netty.idle-timeout", "60s"),
          // Whoever was served has been told to go; the loops need not wait for more.
          Map.entry("spring.reactor.netty.shutdown-quiet-period", "0s"),
          // What operators need stands at fixed paths; the rest of the actuator stays shut.
          Map.entry("management.endpoints.access.default", "none"),
          Map.entry("management.endpoints.web.exposure.exclude", "*"),
          Map.entry("management.endpoints.web.discovery.enabled", false),
          Map.entry(
              "management.metrics.distribution.slo.http.server.requests",
              "5ms,10ms,25ms,50ms,100ms,250ms,500ms,1s,2500ms,5s,10s"),
          // The disk that fills up is the one that is written to, wherever the process runs.
          Map.entry("management.metrics.system.diskspace.paths[0]", "${slipway.disk.directory:.}"),
          Map.entry("springdoc.swagger-ui.path", "/docs"),
          Map.entry("springdoc.default-produces-media-type", "application/json"),
          Map.entry("springdoc.paths-to-match", "/api/**,/webhooks/**"),
          // Metrics are scraped; traces leave only for an endpoint that is configured.
          Map.entry("management.otlp.metrics.export.enabled", false),
          Map.entry("management.tracing.sampling.probability", 0.1));

  private SlipwayApplication() {}

  /// Starts a service and returns when it answers requests.
  ///
  /// @param configuration the service's one public configuration class
  /// @param defaultPort where it listens unless told otherwise
  public static ConfigurableApplicationContext run(
      Class<?> configuration, int defaultPort, String... args) {
    SpringApplication application = new SpringApplication(Kernel.class, configuration);
    application.setWebApplicationType(WebApplicationType.REACTIVE);
    application.setBannerMode(Banner.Mode.OFF);
    application.setBeanNameGenerator(new QualifiedBeanNames());
    application.addInitializers(_ -> RestrainedLogs.install());
    application.setDefaultProperties(defaults(configuration, defaultPort, System.getenv()));
    return application.run(args);
  }

  /// Makes a service's beans as they are asked for, starts none of them and serves nothing: for a
  /// job that works with what the service works with.
  ///
  /// @param configuration the service's one public configuration class
  public static ConfigurableApplicationContext assemble(Class<?> configuration, String... args) {
    SpringApplication application = new SpringApplication(Workbench.class, configuration);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setLazyInitialization(true);
    application.setRegisterShutdownHook(false);
    application.setBannerMode(Banner.Mode.OFF);
    application.setBeanNameGenerator(new QualifiedBeanNames());
    // else every bean with a life of its own would be made, lazy or not, and begin it
    application.addInitializers(context ->
        context
            .getBeanFactory()
            .registerSingleton(
                AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME, new NothingStarts()));
    application.setDefaultProperties(defaults(configuration, 0, System.getenv()));
    return application.run(args);
  }

  static Map<String, Object> defaults(
      Class<?> configuration, int defaultPort, Map<String, String> environment) {
    Map<String, Object> defaults = new HashMap<>(FIXED);
    defaults.put("server.port", defaultPort);
    defaults.put("spring.application.name", nameOf(configuration));
    SHORT_NAMES.forEach((variable, setting) -> {
      String value = environment.getOrDefault(variable, "");
      if (!value.isBlank()) {
        defaults.put(setting, value);
      }
    });
    return defaults;
  }

  /// `WebhookIngressConfiguration` → `webhook-ingress`.
  private static String nameOf(Class<?> configuration) {
    return configuration
        .getSimpleName()
        .replaceFirst("Configuration$", "")
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }

  @Configuration(proxyBeanMethods = false)
  // spring.kafka.* is read by KafkaConfiguration, whose clients need no templates and listeners
  @EnableAutoConfiguration(
      exclude = {KafkaAutoConfiguration.class, KafkaMetricsAutoConfiguration.class})
  @Import({SecurityConfiguration.class, WebConfiguration.class, ObservabilityConfiguration.class})
  static class Kernel {}

  /// What the stages of a service need besides its own configuration.
  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(DiskProperties.class)
  @ImportAutoConfiguration(SslAutoConfiguration.class)
  @Import(TenantsConfiguration.class)
  static class Workbench {
    @Bean
    DiskSpace diskSpace(DiskProperties properties) {
      return DiskSpace.of(properties);
    }

    @Bean
    MeterRegistry meters() {
      return new SimpleMeterRegistry();
    }

    @Bean
    Traces traces() {
      return Traces.none();
    }
  }

  private static final class NothingStarts implements LifecycleProcessor {
    @Override
    public void onRefresh() {}

    @Override
    public void onClose() {}

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public boolean isRunning() {
      return false;
    }
  }
}
