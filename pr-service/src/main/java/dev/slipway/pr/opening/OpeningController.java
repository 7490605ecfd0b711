package dev.slipway.pr.opening;

import dev.slipway.pipeline.core.AggregateId;
import dev.slipway.pipeline.core.RepositoryUrl;
import dev.slipway.pipeline.live.CursorSource;
import dev.slipway.pipeline.stage.Request.Decided;
import dev.slipway.pipeline.stage.StageRunner;
import dev.slipway.pr.github.RepositoryRule;
import dev.slipway.pr.opening.OpeningQueries.Row;
import dev.slipway.web.ApiException;
import dev.slipway.web.ContextView;
import dev.slipway.web.ErrorCode;
import dev.slipway.web.FieldError;
import dev.slipway.web.IdempotentRequest;
import dev.slipway.web.IdempotentRequests;
import dev.slipway.web.PreferredWait;
import dev.slipway.web.SlipwayCursor;
import dev.slipway.web.operation.OperationView;
import dev.slipway.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Pull requests that are to be opened, and what became of that.
@RestController
@RequestMapping("/api/v1/github")
@Tag(name = "github", description = "What is asked of GitHub")
final class OpeningController {
  private static final String OPERATIONS = "/api/v1/github/operations/";

  private final StageRunner<HeadState, HeadInput, HeadEvent> stage;
  private final IdempotentRequests requests;
  private final RepositoryRule repositories;
  private final CursorSource cursors;
  private final TaskOpeningRequests tasks;

  OpeningController(
      StageRunner<HeadState, HeadInput, HeadEvent> stage,
      IdempotentRequests requests,
      RepositoryRule repositories,
      CursorSource cursors,
      TaskOpeningRequests tasks) {
    this.stage = stage;
    this.requests = requests;
    this.repositories = repositories;
    this.cursors = cursors;
    this.tasks = tasks;
  }

  @PostMapping("/pull-requests")
  @Operation(
      summary =
          "Open the one pull request of a branch, or of a task; Prefer: wait=N waits until there is one")
  Mono<ResponseEntity<?>> open(
      @AuthenticationPrincipal Caller caller,
      @RequestBody OpeningRequestJson body,
      ServerWebExchange exchange) {
    IdempotentRequest request = IdempotentRequest.of(exchange, caller, body);
    return (body.taskId() == null ? open(request, body) : tasks.open(request, checked(body)))
        .flatMap(accepted ->
            PreferredWait.answer(
                exchange, accepted, () -> ended(caller, PreferredWait.idAt(accepted))));
  }

  private Mono<ResponseEntity<String>> open(IdempotentRequest request, OpeningRequestJson body) {
    String tenant = request.caller().tenant();
    Wish wish = wish(request.caller(), body);
    return requests.ask(
        stage,
        request,
        _ -> HeadStage.aggregate(tenant, wish),
        id -> new HeadInput.Open(id, wish),
        OpeningController::queued);
  }

  /// Of a task: what is given must be right, and nothing must be.
  private static OpeningRequestJson checked(OpeningRequestJson body) {
    List<FieldError> wrong =
        OpeningRequests.violations(body).stream()
            .filter(error -> !error.code().equals(OpeningRequests.REQUIRED))
            .toList();
    if (!wrong.isEmpty()) {
      throw ApiException.invalid(wrong);
    }
    return body;
  }

  private Wish wish(Caller caller, OpeningRequestJson body) {
    List<FieldError> wrong = OpeningRequests.violations(body);
    if (!wrong.isEmpty() || body.repositoryUrl() == null || body.head() == null) {
      throw ApiException.invalid(wrong);
    }
    RepositoryUrl url = OpeningRequests.address(body.repositoryUrl()).orElseThrow();
    repositories
        .refusal(caller.tenant(), url)
        .ifPresent(why -> {
          throw ApiException.invalid("repository_url", "refused", why);
        });
    return new Wish(
        url.value(),
        body.head(),
        body.base(),
        body.title(),
        body.body(),
        Boolean.TRUE.equals(body.draft()),
        body.labels() == null ? List.of() : body.labels());
  }

  /// As its row says once it is committed.
  private static ResponseEntity<?> queued(Decided<HeadState, HeadEvent> decided) {
    if (decided.rejected()) {
      throw new ApiException(
          ErrorCode.ILLEGAL_STATE,
          "%d requests wait for this branch: wait until some have ended."
              .formatted(HeadDecider.MOST_ACTIVE));
    }
    for (var numbered : decided.events()) {
      if (numbered.event() instanceof HeadEvent.Asked(var id)) {
        Instant at = numbered.at();
        return ResponseEntity.accepted()
            .location(URI.create(OPERATIONS + id))
            .body(
                OperationView.queued(
                    id,
                    OpenPullRequest.KIND,
                    at,
                    at.plus(OpenPullRequestCodec.PATIENCE),
                    ContextView.of(decided.id().tenant()),
                    decided.state().version()));
      }
    }
    throw new IllegalStateException("a request has an operation of its own");
  }

  @GetMapping("/operations/{id}")
  @Operation(summary = "One operation; Prefer: wait=N waits until it has ended")
  Mono<ResponseEntity<?>> operation(
      @AuthenticationPrincipal Caller caller, @PathVariable UUID id, ServerWebExchange exchange) {
    return PreferredWait.read(
        exchange,
        () -> SlipwayCursor.answer(cursors, caller.tenant(), require(caller, id)),
        OperationView::hasEnded);
  }

  @PostMapping("/operations/{id}/cancel")
  @Operation(summary = "An operation is no longer wanted; Prefer: wait=N waits until it has ended")
  Mono<ResponseEntity<?>> cancel(
      @AuthenticationPrincipal Caller caller, @PathVariable UUID id, ServerWebExchange exchange) {
    IdempotentRequest request = IdempotentRequest.of(exchange, caller, Map.of());
    return find(caller, id)
        .flatMap(row -> cancel(request, row))
        .switchIfEmpty(
            Mono.defer(() ->
                tasks.find(caller, id).flatMap(operation -> tasks.cancel(request, operation))))
        .switchIfEmpty(Mono.error(() -> ApiException.notFound("operation")))
        .flatMap(accepted -> PreferredWait.answer(exchange, accepted, () -> ended(caller, id)));
  }

  private Mono<ResponseEntity<String>> cancel(IdempotentRequest request, Row row) {
    return requests.ask(
        stage,
        request,
        _ -> new AggregateId(request.caller().tenant(), row.head()),
        _ -> new HeadInput.Cancel(row.view().operationId()),
        decided -> cancelled(decided, row));
  }

  private static ResponseEntity<?> cancelled(Decided<HeadState, HeadEvent> decided, Row row) {
    if (decided.rejected()) {
      throw new ApiException(ErrorCode.ILLEGAL_STATE, "The operation has ended.");
    }
    return ResponseEntity.accepted().body(row.view());
  }

  private Mono<OperationView> require(Caller caller, UUID id) {
    return view(caller, id).switchIfEmpty(Mono.error(() -> ApiException.notFound("operation")));
  }

  /// Whoever's it is: a branch's that somebody named, or a task's.
  private Mono<OperationView> view(Caller caller, UUID id) {
    return find(caller, id).map(Row::view).switchIfEmpty(Mono.defer(() -> tasks.find(caller, id)));
  }

  private Mono<Row> find(Caller caller, UUID id) {
    return stage.database().asApi(caller.tenant(), client -> OpeningQueries.find(client, id));
  }

  private Mono<ResponseEntity<?>> ended(Caller caller, UUID id) {
    return view(caller, id).filter(OperationView::hasEnded).map(ResponseEntity::ok);
  }
}
