package dev.slipway.web;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.observability.Traces;
import dev.slipway.web.security.AccessRule;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.webflux.autoconfigure.WebFluxRegistrations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.format.FormatterRegistry;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.accept.RequestedContentTypeResolverBuilder;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.WebFilter;
import reactor.netty.NettyPipeline;
import tools.jackson.databind.json.JsonMapper;

/// What a request passes, in this order: [RequestFraming], its [DirectRoute] if it has one, else
/// [SecurityHeaders], [HttpRules], [CrossOrigin], authentication and [AccessRule]s (order −100),
/// [CallerLimit], [BodyDeadline], [StrictMapping], its controller. A failure of any of the filters
/// and of what follows them goes to [ProblemHandler].
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebProperties.class)
@Import({AccessConfiguration.class, ApiDocsConfiguration.class, JsonConfiguration.class})
class WebConfiguration {
  private static final Duration KEY_PATIENCE = Duration.ofSeconds(5);

  @Bean
  @Order(-400)
  WebFilter securityHeaders() {
    return new SecurityHeaders();
  }

  @Bean
  @Order(-300)
  HttpRules httpRules(WebProperties properties) {
    return new HttpRules(new AllowedHosts(properties.hosts()));
  }

  @Bean
  @Order(-200)
  WebFilter crossOrigin(WebProperties properties) {
    return properties.corsOrigins().isEmpty()
        ? (exchange, chain) -> chain.filter(exchange)
        : CrossOrigin.filter(properties.corsOrigins());
  }

  @Bean
  @Order(0)
  WebFilter callerLimit(WebProperties properties) {
    return new CallerLimit(properties.requestsPerSecond());
  }

  @Bean
  @Order(100)
  WebFilter bodyDeadline(WebProperties properties) {
    return new BodyDeadline(properties.bodyTimeout());
  }

  @Bean
  ProblemWriter problemWriter(JsonMapper json) {
    return new ProblemWriter(json);
  }

  @Bean
  ProblemLog problemLog() {
    return new ProblemLog();
  }

  @Bean
  ProblemHandler problemHandler(ProblemWriter writer, ProblemLog log, Traces traces) {
    return new ProblemHandler(writer, log, traces);
  }

  @Bean
  IdempotentRequests idempotentRequests(JsonMapper json) {
    return new IdempotentRequests(json, KEY_PATIENCE);
  }

  @Bean
  StoredAnswerCleanup storedAnswerCleanup(ObjectProvider<Database> databases) {
    return new StoredAnswerCleanup(databases.stream().toList());
  }

  @Bean
  AccessRuleCheck accessRuleCheck(
      @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping controllers,
      List<AccessRule> rules) {
    return new AccessRuleCheck(controllers, rules);
  }

  @Bean
  @Order(0)
  NettyServerCustomizer requestFraming(ProblemWriter writer, WebProperties properties) {
    FramingProblems problems = new FramingProblems(writer, properties.maxRequestLine());
    return server ->
        server.doOnChannelInit((_, channel, _) ->
            channel
                .pipeline()
                .addBefore(
                    NettyPipeline.HttpTrafficHandler,
                    "slipway.framing",
                    new RequestFraming(problems)));
  }

  @Bean
  DirectRoutes directRoutes(
      ObjectProvider<DirectRoute> routes,
      HttpRules rules,
      ProblemWriter writer,
      ProblemLog log,
      Traces traces,
      MeterRegistry meters) {
    return new DirectRoutes(routes.stream().toList(), rules, writer, log, traces, meters);
  }

  /// After [RequestFraming], which sees what nobody can read.
  @Bean
  @Order(1)
  NettyServerCustomizer directConnections(DirectRoutes routes) {
    return server ->
        server.doOnChannelInit((_, channel, _) ->
            channel
                .pipeline()
                .addBefore(
                    NettyPipeline.HttpTrafficHandler, "slipway.direct", routes.connect(channel)));
  }

  @Bean
  WebFluxRegistrations strictMapping() {
    return new WebFluxRegistrations() {
      @Override
      public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
        return new StrictMapping();
      }
    };
  }

  /// There is one representation of everything: what a client says it accepts changes nothing.
  @Bean
  WebFluxConfigurer oneRepresentation() {
    return new WebFluxConfigurer() {
      @Override
      public void configureContentTypeResolver(RequestedContentTypeResolverBuilder builder) {
        builder.fixedResolver(MediaType.APPLICATION_JSON, MediaType.ALL);
      }
    };
  }

  /// Parameters are read as fields of bodies are.
  @Bean
  WebFluxConfigurer times() {
    return new WebFluxConfigurer() {
      @Override
      public void addFormatters(FormatterRegistry registry) {
        registry.addConverter(String.class, Instant.class, Rfc3339::parse);
      }
    };
  }
}
