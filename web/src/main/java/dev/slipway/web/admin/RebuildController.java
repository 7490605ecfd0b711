package dev.slipway.web.admin;

import dev.slipway.pipeline.stage.RebuildView;
import dev.slipway.pipeline.stage.Rebuilds;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pipeline.stage.Stages;
import dev.slipway.schemas.Ids;
import dev.slipway.web.ApiException;
import dev.slipway.web.IdempotentRequest;
import dev.slipway.web.IdempotentRequests;
import dev.slipway.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// What operators ask of the rows of stages: whether the log says the same.
@RestController
@RequestMapping("/api/v1/admin/rebuilds")
@Tag(name = "stages", description = "Positions of stages, and replays; scope admin, tenant default")
final class RebuildController {
  private static final Logger log = LoggerFactory.getLogger(RebuildController.class);

  private final Stages stages;
  private final IdempotentRequests requests;

  RebuildController(Stages stages, IdempotentRequests requests) {
    this.stages = stages;
    this.requests = requests;
  }

  @PostMapping
  @Operation(
      summary =
          "Fold a stage's log from its beginning and compare the rows; a service means all its stages")
  @ApiResponse(
      responseCode = "202",
      content = @Content(schema = @Schema(implementation = RebuildsView.class)))
  Mono<ResponseEntity<String>> rebuild(
      @AuthenticationPrincipal Caller caller,
      ServerWebExchange exchange,
      @Valid @RequestBody RebuildRequest request) {
    if (!request.isVerified()) {
      throw ApiException.invalid(
          "verify", "needs_true", "A rebuild can be verified, not yet put in place of the rows.");
    }
    List<StageRunner<?, ?, ?, ?>> chosen = ChosenStages.of(stages, request.stage());
    return requests.once(
        chosen.getFirst().database(),
        IdempotentRequest.of(exchange, caller, request),
        (client, _) ->
            Flux.fromIterable(chosen)
                .concatMap(stage -> create(client, caller, stage.name()))
                .collectList()
                .map(views -> ResponseEntity.accepted().body(new RebuildsView(views))));
  }

  @GetMapping("/{id}")
  @Operation(summary = "How far a rebuild is, and what it found")
  Mono<RebuildView> rebuild(@AuthenticationPrincipal Caller caller, @PathVariable UUID id) {
    return Flux.fromIterable(stages.all())
        .map(StageRunner::database)
        .distinct()
        .concatMap(database -> database.asApi(caller.tenant(), client -> Rebuilds.find(client, id)))
        .next()
        .switchIfEmpty(Mono.error(() -> ApiException.notFound("rebuild")));
  }

  private static Mono<RebuildView> create(DatabaseClient client, Caller caller, String stage) {
    UUID id = Ids.fresh();
    return Rebuilds.create(client, id, stage, caller.subject())
        .then(Rebuilds.find(client, id))
        .doOnNext(view ->
            log.atInfo()
                .addKeyValue("stage", view.stage())
                .addKeyValue("rebuild_id", id)
                .addKeyValue("requested_by", caller.subject())
                .log("rebuild asked for"));
  }

  /// One for each stage that was meant.
  record RebuildsView(List<RebuildView> items) {}
}
