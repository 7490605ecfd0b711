package dev.slipway.web.admin;

import dev.slipway.pipeline.replay.ReplayRequest;
import dev.slipway.pipeline.replay.ReplayView;
import dev.slipway.pipeline.replay.Replays;
import dev.slipway.pipeline.replay.Replays.Plan;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pipeline.stage.StageView;
import dev.slipway.pipeline.stage.Stages;
import dev.slipway.schemas.Ids;
import dev.slipway.web.ApiException;
import dev.slipway.web.IdempotentRequest;
import dev.slipway.web.IdempotentRequests;
import dev.slipway.web.PageCursor;
import dev.slipway.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// What operators ask of stages: how far they are, and to replay.
@RestController
@RequestMapping("/api/v1/admin")
@Tag(name = "stages", description = "Positions of stages, and replays; scope admin, tenant default")
final class StageController {
  private static final Logger log = LoggerFactory.getLogger(StageController.class);

  private final Stages stages;
  private final IdempotentRequests requests;

  StageController(Stages stages, IdempotentRequests requests) {
    this.stages = stages;
    this.requests = requests;
  }

  @GetMapping("/stages")
  @Operation(summary = "How far each stage is, and what became of what it saw")
  Mono<StagesView> stages(
      @AuthenticationPrincipal Caller caller,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit) {
    Integer from = PageCursor.parameter(cursor, StageController::index);
    return stages
        .positions(caller.tenant())
        .collectList()
        .map(all -> StagesView.of(all, from == null ? 0 : from, limit));
  }

  private static int index(String cursor) {
    long index = PageCursor.parse(cursor, 1)[0];
    if (index < 0 || index > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("not a cursor of this list");
    }
    return (int) index;
  }

  @PostMapping("/replays")
  @Operation(summary = "Replay a range of a stage's source; a service means all its stages")
  @ApiResponse(
      responseCode = "202",
      content = @Content(schema = @Schema(implementation = ReplaysView.class)))
  Mono<ResponseEntity<String>> replay(
      @AuthenticationPrincipal Caller caller,
      ServerWebExchange exchange,
      @Valid @RequestBody ReplayRequest request) {
    List<StageRunner<?, ?, ?>> chosen = chosen(request);
    var once = IdempotentRequest.of(exchange, caller, request);
    return Flux.fromIterable(chosen)
        .concatMap(stage -> Replays.plan(stage, request))
        .collectList()
        .flatMap(plans ->
            requests.once(
                chosen.getFirst().database(),
                once,
                (client, _) ->
                    Flux.fromIterable(plans)
                        .concatMap(plan -> create(client, caller, plan))
                        .collectList()
                        .map(views -> ResponseEntity.accepted().body(new ReplaysView(views)))));
  }

  @GetMapping("/replays/{id}")
  @Operation(summary = "How far a replay is")
  Mono<ReplayView> replay(@AuthenticationPrincipal Caller caller, @PathVariable UUID id) {
    return Flux.fromIterable(stages.all())
        .map(StageRunner::database)
        .distinct()
        .concatMap(database -> database.asApi(caller.tenant(), client -> Replays.find(client, id)))
        .next()
        .switchIfEmpty(Mono.error(() -> ApiException.notFound("replay")));
  }

  private List<StageRunner<?, ?, ?>> chosen(ReplayRequest request) {
    if (Boolean.TRUE.equals(request.apply()) && !Boolean.TRUE.equals(request.force())) {
      throw ApiException.invalid("apply", "needs_force", "apply goes with force alone.");
    }
    if (request.from() != null && request.since() != null) {
      throw ApiException.invalid("since", "excludes_from", "Give from or since, not both.");
    }
    List<StageRunner<?, ?, ?>> chosen = ChosenStages.of(stages, request.stage());
    if (Boolean.TRUE.equals(request.apply())) {
      chosen.stream()
          .filter(stage -> stage.stage().hasEffects())
          .findFirst()
          .ifPresent(stage -> {
            throw ApiException.invalid(
                "apply",
                "has_effects",
                "Decisions of %s hold commands or operations, which no replay repeats."
                    .formatted(stage.name()));
          });
    }
    return chosen;
  }

  private static Mono<ReplayView> create(DatabaseClient client, Caller caller, Plan plan) {
    UUID id = Ids.fresh();
    return Replays.create(client, id, plan, caller.subject())
        .doOnNext(view ->
            log.atInfo()
                .addKeyValue("stage", view.stage())
                .addKeyValue("replay_id", id)
                .addKeyValue("mode", view.mode())
                .addKeyValue("requested_by", caller.subject())
                .log("replay asked for"));
  }

  /// One for each stage that was meant.
  record ReplaysView(List<ReplayView> items) {}

  /// One for each partition of each stage.
  record StagesView(List<StageView> items, @Nullable String nextCursor) {
    static StagesView of(List<StageView> all, int from, int limit) {
      int start = Math.min(from, all.size());
      int end = Math.min(start + limit, all.size());
      return new StagesView(
          List.copyOf(all.subList(start, end)), end < all.size() ? PageCursor.text(end) : null);
    }
  }
}
