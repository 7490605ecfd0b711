package dev.slipway.web;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.slipway.web.security.AccessRule;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.Arrays;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;

/// The description at `/v3/api-docs` and the page at `/docs`: paths under `/api` with the bearer
/// token they need and the one shape of their errors. Both are open; what they tell is in the
/// public documentation too.
@Configuration(proxyBeanMethods = false)
class ApiDocsConfiguration {
  private static final String BEARER = "bearer";
  private static final String PROBLEM = "Problem";
  private static final List<String> DOCS = List.of("/v3/api-docs", "/docs", "/swagger-ui");

  @Bean
  AccessRule apiDocsAccess() {
    return AccessRule.open("/v3/api-docs/**", "/v3/api-docs.yaml", "/docs/**", "/swagger-ui/**");
  }

  /// What the page loads it names by paths alone; the library would put a host before them that any
  /// client can choose by `X-Forwarded-Host`, or a prefix.
  @Bean
  WebFilter ownAddresses() {
    ForwardedHeaderTransformer nothingForwarded = new ForwardedHeaderTransformer();
    nothingForwarded.setRemoveOnly(true);
    return (exchange, chain) -> {
      String path = exchange.getRequest().getPath().value();
      return DOCS.stream().anyMatch(path::startsWith)
          ? chain.filter(
              exchange.mutate().request(nothingForwarded.apply(exchange.getRequest())).build())
          : chain.filter(exchange);
    };
  }

  @Bean
  OpenAPI openApi() {
    return new OpenAPI()
        .info(new Info().title("Slipway").version("v1"))
        .components(
            new Components()
                .addSecuritySchemes(
                    BEARER,
                    new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .bearerFormat("at+jwt")))
        .addSecurityItem(new SecurityRequirement().addList(BEARER));
  }

  /// The description has its own JSON mapper, of Jackson 2: it must name fields as ours does.
  @Bean
  ModelResolver snakeCase(ObjectMapperProvider provider) {
    return new ModelResolver(
            provider
                .jsonMapper()
                .copy()
                .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE))
        .openapi31(true);
  }

  @Bean
  OpenApiCustomizer problemAsDefaultResponse() {
    Content content =
        new Content()
            .addMediaType(
                "application/problem+json",
                new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + PROBLEM)));
    ApiResponse refused = new ApiResponse().description("Refused or failed").content(content);
    return api -> {
      api.getComponents().addSchemas(PROBLEM, problem());
      api.getPaths().values().stream()
          .flatMap(path -> path.readOperations().stream())
          .forEach(
              operation -> operation.getResponses().addApiResponse(ApiResponses.DEFAULT, refused));
    };
  }

  private static Schema<?> problem() {
    List<String> codes = Arrays.stream(ErrorCode.values()).map(ErrorCode::value).toList();
    Schema<?> error =
        new ObjectSchema()
            .addProperty("field", new StringSchema())
            .addProperty("code", new StringSchema())
            .addProperty("detail", new StringSchema());
    Schema<?> problem =
        new ObjectSchema()
            .description("RFC 9457")
            .addProperty("type", new StringSchema().format("uri"))
            .addProperty("title", new StringSchema())
            .addProperty("status", new IntegerSchema())
            .addProperty("detail", new StringSchema())
            .addProperty("code", new StringSchema()._enum(codes))
            .addProperty("errors", new ArraySchema().items(error));
    problem.setRequired(List.of("type", "title", "status", "detail", "code"));
    return problem;
  }
}
