package dev.slipway.pipeline.stage;

import static dev.slipway.pipeline.database.Columns.required;

import dev.slipway.pipeline.security.Caller;
import dev.slipway.pipeline.stage.ReplayTask.Range;
import dev.slipway.pipeline.web.ApiException;
import dev.slipway.pipeline.web.IdempotentRequest;
import dev.slipway.pipeline.web.IdempotentRequests;
import dev.slipway.pipeline.web.PageCursor;
import dev.slipway.schemas.Ids;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
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
    return Flux.fromIterable(stages.all())
        .concatMap(stage -> positions(caller, stage))
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
    List<StageRunner<?, ?, ?, ?>> chosen = chosen(request);
    var once = IdempotentRequest.of(exchange, caller, request);
    return Flux.fromIterable(chosen)
        .concatMap(stage -> stage.ranges(request).map(ranges -> new Plan(stage.name(), ranges)))
        .collectList()
        .flatMap(plans ->
            requests.once(
                chosen.getFirst().database(),
                once,
                (client, _) ->
                    Flux.fromIterable(plans)
                        .concatMap(plan -> create(client, caller, request.mode(), plan))
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

  private List<StageRunner<?, ?, ?, ?>> chosen(ReplayRequest request) {
    if (request.isApplied() && !request.isForced()) {
      throw ApiException.invalid("apply", "needs_force", "apply goes with force alone.");
    }
    if (request.from() != null && request.since() != null) {
      throw ApiException.invalid("since", "excludes_from", "Give from or since, not both.");
    }
    return stages.named(request.stage());
  }

  private static Mono<ReplayView> create(
      DatabaseClient client, Caller caller, ReplayMode mode, Plan plan) {
    UUID id = Ids.fresh();
    return Replays.create(client, id, plan.stage(), mode, caller.subject(), plan.ranges())
        .then(Replays.find(client, id))
        .doOnNext(view ->
            log.atInfo()
                .addKeyValue("stage", view.stage())
                .addKeyValue("replay_id", id)
                .addKeyValue("mode", view.mode())
                .addKeyValue("requested_by", caller.subject())
                .log("replay asked for"));
  }

  private static Flux<StageView> positions(Caller caller, StageRunner<?, ?, ?, ?> stage) {
    return stage
        .database()
        .asApi(
            caller.tenant(),
            client ->
                client
                    .sql(
                        """
                        select p.* from stage_position p join stage s using (stage_id)
                        where s.name = $1 order by topic, partition
                        """)
                    .bind(0, stage.name())
                    .map(row -> {
                      TopicPartition partition = PartitionRows.partition(row);
                      Counts counts = PartitionRows.counts(row);
                      return new StageView(
                          stage.name(),
                          stage.health(),
                          partition.topic(),
                          partition.partition(),
                          required(row, "next_offset", Long.class),
                          counts.seen(),
                          counts.applied(),
                          counts.known(),
                          counts.foreign(),
                          counts.rejected(),
                          counts.dead(),
                          counts.parked(),
                          required(row, "updated_at", Instant.class));
                    })
                    .all()
                    .collectList())
        .flatMapIterable(views -> views);
  }

  private record Plan(String stage, Map<TopicPartition, Range> ranges) {}

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
