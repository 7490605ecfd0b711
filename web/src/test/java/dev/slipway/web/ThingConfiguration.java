package dev.slipway.web;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.web.security.AccessRule;
import dev.slipway.web.security.Caller;
import dev.slipway.web.security.Scope;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// A service as small as can be, with a path for each thing that can go wrong.
@Configuration(proxyBeanMethods = false)
class ThingConfiguration {

  @Bean
  AccessRule thingAccess() {
    return AccessRule.needs(Scope.TASKS, "/api/v1/things/**");
  }

  @Bean
  AccessRule openAccess() {
    return AccessRule.open("/open/**");
  }

  record Part(@NotBlank String partName) {}

  record Thing(
      @NotBlank String title,
      @Nullable Integer count,
      List<@Valid Part> parts,
      @Nullable Instant since) {}

  record Seen(UUID thingId, String tenant, @Nullable String note, Instant seenAt) {}

  record Filter(@Nullable @Min(1) @Max(200) Integer limit, @Nullable Instant since) {}

  @RestController
  static class ThingController {
    @GetMapping("/api/v1/things/{id}")
    Seen get(@PathVariable UUID id, @AuthenticationPrincipal Caller caller) {
      return new Seen(id, caller.tenant(), null, Instant.parse("2026-11-20T07:00:00.123456Z"));
    }

    @GetMapping("/api/v1/things")
    List<String> list(@RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit) {
      return List.of("" + limit);
    }

    @GetMapping("/api/v1/things/by-filter")
    Filter filter(@Valid Filter filter) {
      return filter;
    }

    @PostMapping("/api/v1/things")
    @ResponseStatus(HttpStatus.CREATED)
    Thing post(@Valid @RequestBody Thing thing) {
      return thing;
    }

    @GetMapping("/api/v1/things/required")
    String required(@RequestParam("reason") String reason) {
      return reason;
    }

    @GetMapping("/api/v1/things/illegal")
    Mono<Thing> illegal() {
      return Mono.error(new ApiException(ErrorCode.ILLEGAL_STATE, "The thing is done."));
    }

    @GetMapping("/api/v1/things/away")
    Mono<Thing> away() {
      return Mono.error(
          new RetryableException("db.internal:5432 refused", Duration.ofMillis(2500), null));
    }

    @GetMapping("/api/v1/things/bug")
    Thing bug() {
      throw new IllegalStateException("select secret from table");
    }

    @RequestMapping("/api/v1/unnamed")
    String unnamed(@AuthenticationPrincipal Caller caller) {
      return caller.subject();
    }

    @GetMapping("/open/later")
    Mono<String> later() {
      return Mono.delay(Duration.ofMillis(50)).thenReturn("later");
    }

    @GetMapping("/open/parts")
    Mono<Void> parts(ServerHttpResponse response) {
      DataBufferFactory buffers = response.bufferFactory();
      return response.writeAndFlushWith(
          Flux.just("ab", "cd")
              .map(part -> Mono.just(buffers.wrap(part.getBytes(StandardCharsets.US_ASCII)))));
    }

    @GetMapping("/api/v1/things/numbered/{number}")
    long numbered(@PathVariable @Min(1) long number) {
      return number;
    }

    @GetMapping("/api/v1/things/several")
    List<String> several(@RequestParam List<String> name) {
      return name;
    }

    @GetMapping("/open/hello")
    String hello() {
      return "hello";
    }
  }
}
