package dev.slipway.pr.task;

import dev.slipway.pipeline.live.CursorSource;
import dev.slipway.web.ApiException;
import dev.slipway.web.SlipwayCursor;
import dev.slipway.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Pattern;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/// Tasks that were asked for together: a change across two hundred repositories is two hundred
/// tasks of one execution.
@RestController
@RequestMapping("/api/v1/executions")
@Tag(name = "tasks")
final class ExecutionController {
  private final TaskRequests tasks;
  private final CursorSource cursors;

  ExecutionController(TaskRequests tasks, CursorSource cursors) {
    this.tasks = tasks;
    this.cursors = cursors;
  }

  @GetMapping("/{id}")
  @Operation(summary = "How the tasks of an execution stand; 404 while there are none")
  Mono<ResponseEntity<ExecutionView>> execution(
      @AuthenticationPrincipal Caller caller,
      @PathVariable @Pattern(regexp = "[^\\x00]*") String id) {
    return SlipwayCursor.answer(
            cursors,
            caller.tenant(),
            tasks
                .all()
                .database()
                .asApi(caller.tenant(), client -> TaskQueries.execution(client, id)))
        .switchIfEmpty(Mono.error(() -> ApiException.notFound("execution")));
  }
}
