package dev.slipway.pr.task;

import dev.slipway.web.ApiException;
import dev.slipway.web.PageCursor;
import dev.slipway.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/// What tasks change, and what happened to them.
@RestController
@RequestMapping("/api/v1/tasks/{id}")
@Tag(name = "tasks")
final class TaskStoryController {
  private static final MediaType DIFF = MediaType.parseMediaType("text/x-diff");

  private final TaskRequests tasks;
  private final TaskPatchQueries patches;

  TaskStoryController(TaskRequests tasks, TaskPatchQueries patches) {
    this.tasks = tasks;
    this.patches = patches;
  }

  @GetMapping("/diff")
  @Operation(summary = "The patch that was or will be pushed; 404 before there is one")
  Mono<ResponseEntity<byte[]>> diff(@AuthenticationPrincipal Caller caller, @PathVariable UUID id) {
    return tasks
        .all()
        .require(caller, id)
        .flatMap(patches::find)
        .map(patch -> ResponseEntity.ok().contentType(DIFF).body(patch))
        .switchIfEmpty(Mono.error(() -> ApiException.notFound("patch")));
  }

  @GetMapping("/timeline")
  @Operation(
      summary =
          "What happened to it and to its pull request and what it asked for, oldest first; nothing"
              + " stands before what it follows from")
  Mono<StoryView> timeline(
      @AuthenticationPrincipal Caller caller,
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit) {
    UUID after = PageCursor.parameter(cursor, StoryView::cursor);
    return tasks
        .all()
        .database()
        .asApi(
            caller.tenant(),
            client ->
                TaskQueries.find(client, id).flatMap(task -> StoryQueries.story(client, task)))
        .map(story -> StoryView.of(story, after, limit))
        .switchIfEmpty(Mono.error(() -> ApiException.notFound("task")));
  }
}
