package dev.slipway.pr.task;

import dev.slipway.pipeline.live.CursorSource;
import dev.slipway.pipeline.stage.Request.Decided;
import dev.slipway.pr.task.TaskQueries.Row;
import dev.slipway.pr.task.TaskView.Page;
import dev.slipway.web.ApiException;
import dev.slipway.web.IdempotentRequest;
import dev.slipway.web.PageCursor;
import dev.slipway.web.PreferredWait;
import dev.slipway.web.SlipwayCursor;
import dev.slipway.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/// Tasks: asked for, shown, listed, begun and given up.
@RestController
@RequestMapping("/api/v1/tasks")
@Tag(name = "tasks", description = "Pieces of work that become one pull request each")
final class TaskController {
  // Postgres has no NUL in text: asked for one, it fails instead of finding nothing
  private static final String STORABLE = "[^\\x00]*";

  private final TaskRequests tasks;
  private final TaskDeadlines deadlines;
  private final CursorSource cursors;

  TaskController(TaskRequests tasks, TaskDeadlines deadlines, CursorSource cursors) {
    this.tasks = tasks;
    this.deadlines = deadlines;
    this.cursors = cursors;
  }

  @PostMapping
  @Operation(
      summary = "Ask for a task; Prefer: wait=N waits until it is no longer TODO or IN_PROGRESS")
  Mono<ResponseEntity<?>> create(
      @AuthenticationPrincipal Caller caller,
      @RequestBody TaskRequestJson body,
      ServerWebExchange exchange) {
    TaskSpec spec = body.spec();
    TaskOwner owner = body.owner(caller.subject());
    tasks.check(caller, spec, owner);
    return tasks
        .all()
        .create(
            IdempotentRequest.of(exchange, caller, body),
            id -> new TaskInput.Create(id, id, spec, owner, body.isToStart()),
            this::accepted)
        .flatMap(accepted ->
            PreferredWait.answer(
                exchange, accepted, () -> settled(caller, PreferredWait.idAt(accepted))));
  }

  @GetMapping("/{id}")
  @Operation(summary = "One task; Prefer: wait=N waits until it is no longer TODO or IN_PROGRESS")
  Mono<ResponseEntity<?>> task(
      @AuthenticationPrincipal Caller caller, @PathVariable UUID id, ServerWebExchange exchange) {
    return PreferredWait.read(
        exchange,
        () ->
            SlipwayCursor.answer(
                cursors, caller.tenant(), tasks.all().require(caller, id).map(this::view)),
        TaskView::isSettled);
  }

  @GetMapping
  @Operation(summary = "Tasks, newest first")
  Mono<Page> tasks(
      @AuthenticationPrincipal Caller caller,
      @RequestParam(required = false) @Nullable TaskStatus state,
      @RequestParam(required = false) @Pattern(regexp = STORABLE) @Nullable String repository,
      @RequestParam(name = "execution_id", required = false) @Pattern(regexp = STORABLE)
          @Nullable String executionId,
      @RequestParam(name = "squad_id", required = false) @Pattern(regexp = STORABLE)
          @Nullable String squadId,
      @RequestParam(name = "agent_id", required = false) @Pattern(regexp = STORABLE)
          @Nullable String agentId,
      @RequestParam(required = false) @Pattern(regexp = STORABLE) @Nullable String label,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit) {
    if (state == TaskStatus.NONE) {
      throw ApiException.invalid("state", "wrong_type", "There is no such state.");
    }
    // one more than asked for tells whether there is a next page
    var filter =
        new TaskFilter(
            state,
            repository,
            executionId,
            squadId,
            agentId,
            label,
            PageCursor.parameter(cursor, TaskCursor::parse),
            limit + 1);
    return tasks
        .all()
        .database()
        .asApi(caller.tenant(), client -> TaskQueries.list(client, filter))
        .map(rows -> page(rows, limit));
  }

  private Page page(List<Row> rows, int limit) {
    List<TaskView> shown =
        rows.subList(0, Math.min(limit, rows.size())).stream().map(this::view).toList();
    return new Page(shown, rows.size() > limit ? cursor(shown.getLast()).text() : null);
  }

  private static TaskCursor cursor(TaskView last) {
    if (last.createdAt() == null) {
      throw new IllegalStateException("a task that was asked for has a time");
    }
    return new TaskCursor(last.createdAt(), last.taskId());
  }

  @PostMapping("/{id}/assign")
  @Operation(summary = "Begin with a task that is TODO; Prefer: wait=N as for GET")
  Mono<ResponseEntity<?>> assign(
      @AuthenticationPrincipal Caller caller,
      @PathVariable UUID id,
      @RequestBody(required = false) @Nullable AssignRequestJson body,
      ServerWebExchange exchange) {
    AssignRequestJson asked = body == null ? AssignRequestJson.NOBODY : body;
    ApiException.check(TaskSpecRules.violations(asked.agentId()));
    return ask(
        caller, id, exchange, asked, request -> new TaskInput.Assign(request, asked.agentId()));
  }

  @PostMapping("/{id}/cancel")
  @Operation(summary = "A task is no longer wanted: its sandbox ends, its pull request is closed")
  Mono<ResponseEntity<?>> cancel(
      @AuthenticationPrincipal Caller caller, @PathVariable UUID id, ServerWebExchange exchange) {
    return ask(caller, id, exchange, Map.of(), TaskInput.Cancel::new);
  }

  @PostMapping("/{id}/retry")
  @Operation(summary = "Try again what failed or was cancelled without a pull request")
  Mono<ResponseEntity<?>> retry(
      @AuthenticationPrincipal Caller caller, @PathVariable UUID id, ServerWebExchange exchange) {
    return ask(caller, id, exchange, Map.of(), TaskInput.Retry::new);
  }

  private Mono<ResponseEntity<?>> ask(
      Caller caller,
      UUID id,
      ServerWebExchange exchange,
      Object body,
      Function<UUID, TaskInput> input) {
    return tasks
        .all()
        .ask(IdempotentRequest.of(exchange, caller, body), id, input, this::accepted)
        .flatMap(accepted -> PreferredWait.answer(exchange, accepted, () -> settled(caller, id)));
  }

  private Mono<ResponseEntity<?>> settled(Caller caller, UUID id) {
    return tasks
        .all()
        .find(caller, id)
        .map(this::view)
        .filter(TaskView::isSettled)
        .map(ResponseEntity::ok);
  }

  private ResponseEntity<?> accepted(Decided<TaskState, TaskEvent> decided) {
    TaskView task = TaskView.of(decided.id(), decided.state(), decided.version(), deadlines);
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/tasks/" + task.taskId()))
        .body(task);
  }

  private TaskView view(Row row) {
    return TaskView.of(row.id(), row.state(), row.version(), deadlines);
  }
}
