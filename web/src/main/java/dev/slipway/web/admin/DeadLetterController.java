package dev.slipway.web.admin;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.stage.DeadLetterQueries;
import dev.slipway.pipeline.stage.DeadLetterView;
import dev.slipway.pipeline.stage.DeadLetterView.Details;
import dev.slipway.pipeline.stage.DeadLetterView.Status;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pipeline.stage.Stages;
import dev.slipway.web.ApiException;
import dev.slipway.web.ErrorCode;
import dev.slipway.web.IdempotentRequest;
import dev.slipway.web.IdempotentRequests;
import dev.slipway.web.PageCursor;
import dev.slipway.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// Records that wait for an operator: what they are, and the two ways out.
@RestController
@RequestMapping("/api/v1/admin/dead-letters")
@Tag(
    name = "dead letters",
    description = "Records that cannot be applied; scope admin, tenant default")
final class DeadLetterController {
  private static final Logger log = LoggerFactory.getLogger(DeadLetterController.class);

  private final Stages stages;
  private final IdempotentRequests requests;

  DeadLetterController(Stages stages, IdempotentRequests requests) {
    this.stages = stages;
    this.requests = requests;
  }

  /// Stages of one schema.
  private record Shelf(Database database, List<String> stages) {}

  private record Place(int shelf, long number) {
    static Place parse(String cursor) {
      long[] parts = PageCursor.parse(cursor, 2);
      if (parts[0] < 0 || parts[0] > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("not a cursor of this list");
      }
      return new Place((int) parts[0], parts[1]);
    }
  }

  private record Placed(Place place, DeadLetterView view) {}

  @GetMapping
  @Operation(summary = "Records that wait, in the order in which they came")
  Mono<Page> list(
      @AuthenticationPrincipal Caller caller,
      @RequestParam(required = false) @Nullable String stage,
      @RequestParam(required = false) @Nullable Status status,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit) {
    Place given = PageCursor.parameter(cursor, Place::parse);
    Place from = given == null ? new Place(0, 0) : given;
    List<Shelf> shelves = shelves(stage);
    return Flux.range(0, shelves.size())
        .skip(from.shelf)
        .concatMap(shelf ->
            list(caller, shelves, shelf, status, shelf == from.shelf ? from.number : 0, limit + 1))
        .take(limit + 1L)
        .collectList()
        .map(all -> Page.of(all, limit));
  }

  private static Flux<Placed> list(
      Caller caller,
      List<Shelf> shelves,
      int index,
      @Nullable Status status,
      long after,
      int limit) {
    Shelf shelf = shelves.get(index);
    return shelf
        .database
        .asApi(
            caller.tenant(),
            client -> DeadLetterQueries.list(client, shelf.stages, status, after, limit))
        .flatMapIterable(all -> all)
        .map(listed -> new Placed(new Place(index, listed.number()), listed.view()));
  }

  @GetMapping("/{id}")
  @Operation(summary = "One record that waits, with its headers")
  Mono<Details> show(
      @AuthenticationPrincipal Caller caller,
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String stage) {
    return Flux.fromIterable(shelves(stage))
        .concatMap(shelf ->
            shelf.database.asApi(
                caller.tenant(), client -> DeadLetterQueries.find(client, shelf.stages, id)))
        .flatMapIterable(all -> all)
        .collectList()
        .map(DeadLetterController::one);
  }

  @PostMapping("/{id}/requeue")
  @Operation(summary = "Have it tried again; what waits behind it follows")
  @ApiResponse(
      responseCode = "202",
      content = @Content(schema = @Schema(implementation = DeadLetterView.class)))
  Mono<ResponseEntity<String>> requeue(
      @AuthenticationPrincipal Caller caller,
      ServerWebExchange exchange,
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String stage) {
    return change(
        IdempotentRequest.of(exchange, caller, String.valueOf(stage)),
        stage,
        id,
        HttpStatus.ACCEPTED,
        DeadLetterQueries::requeue);
  }

  @PostMapping("/{id}/discard")
  @Operation(summary = "Let it go for ever; what waits behind it follows")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = DeadLetterView.class)))
  Mono<ResponseEntity<String>> discard(
      @AuthenticationPrincipal Caller caller,
      ServerWebExchange exchange,
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String stage) {
    return change(
        IdempotentRequest.of(exchange, caller, String.valueOf(stage)),
        stage,
        id,
        HttpStatus.OK,
        DeadLetterQueries::discard);
  }

  /// Changes one dead letter.
  @FunctionalInterface
  private interface Change {
    /// @return empty when it cannot be changed
    Mono<DeadLetterView> of(DatabaseClient client, String stage, UUID id);
  }

  /// Each schema is asked in turn, since a repeated request finds its answer where it was first
  /// answered, though the record is gone.
  private Mono<ResponseEntity<String>> change(
      IdempotentRequest once, @Nullable String stage, UUID id, HttpStatus status, Change change) {
    return Flux.fromIterable(shelves(stage))
        .concatMap(shelf ->
            requests
                .once(
                    shelf.database,
                    once,
                    (client, _) ->
                        DeadLetterQueries.find(client, shelf.stages, id)
                            .map(DeadLetterController::one)
                            .flatMap(found -> change(client, once, found, change))
                            .map(view -> ResponseEntity.status(status).body(view)))
                .onErrorResume(DeadLetterController::isNotFound, _ -> Mono.empty()))
        .next()
        .switchIfEmpty(Mono.error(() -> ApiException.notFound("dead letter")));
  }

  private static Mono<DeadLetterView> change(
      DatabaseClient client, IdempotentRequest once, Details found, Change change) {
    return change
        .of(client, found.stage(), found.id())
        .switchIfEmpty(Mono.error(() -> unchanged(found)))
        .doOnNext(_ ->
            log.atInfo()
                .addKeyValue("stage", found.stage())
                .addKeyValue("ce_id", found.id())
                .addKeyValue("route", once.route())
                .addKeyValue("requested_by", once.caller().subject())
                .log("dead letter let go"));
  }

  private static ApiException unchanged(Details found) {
    return found.status() == Status.PARKED
        ? new ApiException(
            ErrorCode.ILLEGAL_STATE,
            "It is parked: requeue or discard the one that it waits behind, "
                + found.behind()
                + ".")
        : ApiException.notFound("dead letter"); // it has gone this very moment
  }

  private static boolean isNotFound(Throwable failure) {
    return failure instanceof ApiException api && api.code() == ErrorCode.NOT_FOUND;
  }

  /// @throws ApiException when there is none, or one in several stages
  private static Details one(List<Details> found) {
    if (found.isEmpty()) {
      throw ApiException.notFound("dead letter");
    }
    if (found.size() > 1) {
      throw ApiException.invalid(
          "stage",
          "ambiguous",
          "It waits in several stages, name one: "
              + String.join(", ", found.stream().map(Details::stage).toList())
              + ".");
    }
    return found.getFirst();
  }

  /// @param stage a stage or a service; null for all
  private List<Shelf> shelves(@Nullable String stage) {
    Map<Database, List<String>> names = new LinkedHashMap<>();
    for (StageRunner<?, ?, ?> runner :
        stage == null ? stages.all() : ChosenStages.of(stages, stage)) {
      names.computeIfAbsent(runner.database(), _ -> new ArrayList<>()).add(runner.name());
    }
    return names.entrySet().stream()
        .map(entry -> new Shelf(entry.getKey(), entry.getValue()))
        .toList();
  }

  /// A page.
  record Page(List<DeadLetterView> items, @Nullable String nextCursor) {
    private static Page of(List<Placed> all, int limit) {
      List<Placed> shown = all.subList(0, Math.min(limit, all.size()));
      return new Page(
          shown.stream().map(Placed::view).toList(),
          all.size() > limit
              ? PageCursor.text(shown.getLast().place.shelf, shown.getLast().place.number)
              : null);
    }
  }
}
