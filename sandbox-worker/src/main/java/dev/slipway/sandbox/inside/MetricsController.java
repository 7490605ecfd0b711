package dev.slipway.sandbox.inside;

import dev.slipway.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/// What sandboxes use.
@RestController
@Tag(name = "sandboxes")
final class MetricsController {
  private final Inside inside;

  MetricsController(Inside inside) {
    this.inside = inside;
  }

  @GetMapping("/api/v1/sandboxes/{id}/metrics")
  @Operation(summary = "What a sandbox used when it was last measured")
  Mono<MetricsView> metrics(@AuthenticationPrincipal Caller caller, @PathVariable UUID id) {
    return inside.in(
        caller,
        id,
        (provider, externalId, session) ->
            MetricsView.of(provider.metrics(externalId).orElse(null), session.processes().size()));
  }
}
