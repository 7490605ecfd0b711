package dev.slipway.sandbox.sandbox;

import dev.slipway.pipeline.core.FieldRules;
import dev.slipway.pipeline.live.CursorSource;
import dev.slipway.pipeline.stage.Request.Decided;
import dev.slipway.sandbox.sandbox.SandboxQueries.Row;
import dev.slipway.sandbox.sandbox.SandboxView.Page;
import dev.slipway.schemas.Ids;
import dev.slipway.web.ApiException;
import dev.slipway.web.IdempotentRequest;
import dev.slipway.web.PageCursor;
import dev.slipway.web.PreferredWait;
import dev.slipway.web.SlipwayCursor;
import dev.slipway.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Sandboxes: made, shown, listed and ended.
@RestController
@RequestMapping("/api/v1/sandboxes")
@Tag(name = "sandboxes", description = "Where commands run")
final class SandboxController {
  // Postgres has no NUL in text: asked for one, it fails instead of finding nothing
  private static final String STORABLE = "[^\\x00]*";

  private static final String METADATA = "metadata.";

  private final SandboxRequests sandboxes;
  private final CursorSource cursors;
  private final Clock clock;

  SandboxController(SandboxRequests sandboxes, CursorSource cursors, Clock clock) {
    this.sandboxes = sandboxes;
    this.cursors = cursors;
    this.clock = clock;
  }

  @PostMapping
  @Operation(summary = "Make a sandbox; Prefer: wait=N waits until it runs")
  Mono<ResponseEntity<?>> create(
      @AuthenticationPrincipal Caller caller,
      @RequestBody(required = false) @Nullable SandboxRequestJson body,
      ServerWebExchange exchange) {
    SandboxRequestJson asked = body == null ? SandboxRequestJson.DEFAULTS : body;
    SandboxSpec spec = asked.spec();
    SandboxContext context = asked.context(caller.subject());
    ApiException.check(SandboxRules.violations(spec, context));
    return sandboxes
        .checkSecrets(caller, spec.environment())
        .then(
            sandboxes
                .all()
                .create(
                    IdempotentRequest.of(exchange, caller, asked),
                    id -> new SandboxInput.Create(creation(id), spec, context),
                    decided -> at(HttpStatus.ACCEPTED, view(decided))))
        .flatMap(accepted ->
            PreferredWait.answer(
                exchange, accepted, () -> running(caller, PreferredWait.idAt(accepted))));
  }

  /// The operation that makes the sandbox of this id.
  private static UUID creation(UUID sandbox) {
    String kind = SandboxOperation.Kind.CREATE_SANDBOX.wireName();
    return Ids.derived(SandboxStage.NAME, sandbox, kind, sandbox.toString(), 0);
  }

  private Mono<ResponseEntity<?>> running(Caller caller, UUID id) {
    return sandboxes
        .all()
        .find(caller, id)
        .filter(row -> row.state().status().isAlive() || row.state().status().isOver())
        .map(row ->
            at(row.state().status().isOver() ? HttpStatus.OK : HttpStatus.CREATED, view(row)));
  }

  @GetMapping("/{id}")
  @Operation(summary = "One sandbox; Prefer: wait=N waits while it is being made or ended")
  Mono<ResponseEntity<?>> sandbox(
      @AuthenticationPrincipal Caller caller, @PathVariable UUID id, ServerWebExchange exchange) {
    return PreferredWait.read(
        exchange,
        () ->
            SlipwayCursor.answer(
                cursors, caller.tenant(), sandboxes.all().require(caller, id).map(this::view)),
        sandbox -> sandbox.state().isSettled());
  }

  @GetMapping
  @Operation(
      summary = "Sandboxes, newest first",
      parameters =
          @Parameter(
              name = METADATA + "*",
              in = ParameterIn.QUERY,
              description = "the value that a tag of this name must have"))
  Mono<Page> sandboxes(
      @AuthenticationPrincipal Caller caller,
      @RequestParam(required = false) @Nullable SandboxStatus state,
      @RequestParam(required = false) @Pattern(regexp = STORABLE) @Nullable String template,
      @RequestParam(required = false) @Pattern(regexp = STORABLE) @Nullable String name,
      @RequestParam(name = "task_id", required = false) @Nullable UUID taskId,
      @RequestParam(name = "session_id", required = false) @Nullable UUID sessionId,
      @RequestParam(required = false) @Pattern(regexp = STORABLE) @Nullable String repository,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit,
      ServerWebExchange exchange) {
    if (state == SandboxStatus.NONE) {
      throw ApiException.invalid("state", "wrong_type", "There is no such state.");
    }
    // one more than asked for tells whether there is a next page
    var filter =
        new SandboxFilter(
            state,
            template,
            name,
            text(taskId),
            text(sessionId),
            repository,
            metadata(exchange),
            PageCursor.parameter(cursor, SandboxCursor::parse),
            limit + 1);
    return sandboxes
        .all()
        .database()
        .asApi(caller.tenant(), client -> SandboxQueries.list(client, filter))
        .map(rows -> page(rows, limit));
  }

  private static @Nullable String text(@Nullable UUID id) {
    return Optional.ofNullable(id).map(UUID::toString).orElse(null);
  }

  private static Map<String, String> metadata(ServerWebExchange exchange) {
    var wanted = new HashMap<String, String>();
    exchange
        .getRequest()
        .getQueryParams()
        .forEach((parameter, values) -> {
          if (parameter.startsWith(METADATA)) {
            String value = values.getFirst();
            if (values.size() > 1 || value == null || !FieldRules.isStorable(parameter + value)) {
              throw ApiException.invalid(parameter, "wrong_type", "It must be one text.");
            }
            wanted.put(parameter.substring(METADATA.length()), value);
          }
        });
    return wanted;
  }

  private Page page(List<Row> rows, int limit) {
    List<SandboxView> shown =
        rows.subList(0, Math.min(limit, rows.size())).stream().map(this::view).toList();
    return new Page(shown, rows.size() > limit ? cursor(shown.getLast()).text() : null);
  }

  private static SandboxCursor cursor(SandboxView last) {
    if (last.createdAt() == null) {
      throw new IllegalStateException("a sandbox that was asked for has a time");
    }
    return new SandboxCursor(last.createdAt(), last.sandboxId());
  }

  @DeleteMapping("/{id}")
  @Operation(summary = "End a sandbox; Prefer: wait=N waits until it has ended")
  Mono<ResponseEntity<?>> terminate(
      @AuthenticationPrincipal Caller caller, @PathVariable UUID id, ServerWebExchange exchange) {
    return sandboxes
        .all()
        .ask(
            IdempotentRequest.of(exchange, caller, Map.of()),
            id,
            request -> new SandboxInput.Terminate(request, KillReason.REQUESTED),
            decided ->
                ResponseEntity.status(
                        decided.events().isEmpty() ? HttpStatus.OK : HttpStatus.ACCEPTED)
                    .body(view(decided)))
        .flatMap(accepted ->
            PreferredWait.answer(
                exchange,
                accepted,
                () ->
                    sandboxes
                        .all()
                        .find(caller, id)
                        .filter(row -> row.state().status().isOver())
                        .map(row -> ResponseEntity.ok(view(row)))));
  }

  private static ResponseEntity<?> at(HttpStatus status, SandboxView sandbox) {
    return ResponseEntity.status(status)
        .location(URI.create("/api/v1/sandboxes/" + sandbox.sandboxId()))
        .body(sandbox);
  }

  private SandboxView view(Row row) {
    return SandboxView.of(row.id(), row.state(), row.version(), clock.instant());
  }

  private SandboxView view(Decided<SandboxState, SandboxEvent> decided) {
    return SandboxView.of(decided.id(), decided.state(), decided.version(), clock.instant());
  }
}
