package dev.slipway.pr.delivery;

import dev.slipway.pipeline.database.Database;
import dev.slipway.pipeline.live.CursorSource;
import dev.slipway.pr.delivery.DeliveryQueries.Row;
import dev.slipway.pr.delivery.DeliveryView.Page;
import dev.slipway.pr.delivery.Verdict.Outcome;
import dev.slipway.web.ApiException;
import dev.slipway.web.PageCursor;
import dev.slipway.web.SlipwayCursor;
import dev.slipway.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/// What became of webhooks.
@RestController
@RequestMapping("/api/v1/deliveries")
@Tag(name = "deliveries", description = "What became of each webhook")
final class DeliveryController {
  // Postgres has no NUL in text: asked for one, it fails instead of finding nothing
  private static final String STORABLE = "[^\\x00]*";

  private static final long LARGEST_NUMBER = 999_999_999_999_999_999L; // of 18 digits

  private final Database database;
  private final CursorSource cursors;

  DeliveryController(Database database, CursorSource cursors) {
    this.database = database;
    this.cursors = cursors;
  }

  @GetMapping("/{id}")
  @Operation(summary = "One delivery; 404 until the stage has seen it")
  Mono<ResponseEntity<DeliveryView>> delivery(
      @AuthenticationPrincipal Caller caller, @PathVariable UUID id) {
    return SlipwayCursor.answer(
            cursors,
            caller.tenant(),
            database
                .asApi(caller.tenant(), client -> DeliveryQueries.find(client, new DeliveryId(id)))
                .map(DeliveryView::of))
        .switchIfEmpty(Mono.error(() -> ApiException.notFound("delivery")));
  }

  @GetMapping
  @Operation(summary = "Deliveries, newest first")
  Mono<Page> deliveries(
      @AuthenticationPrincipal Caller caller,
      @RequestParam(required = false) @Pattern(regexp = STORABLE) @Nullable String event,
      @RequestParam(required = false) @Pattern(regexp = STORABLE) @Nullable String action,
      @RequestParam(required = false) @Pattern(regexp = STORABLE) @Nullable String repository,
      @RequestParam(required = false) @Min(1) @Max(LARGEST_NUMBER) @Nullable Long number,
      @RequestParam(required = false) @Nullable Outcome outcome,
      @RequestParam(required = false) @Nullable Instant since,
      @RequestParam(required = false) @Nullable Instant until,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit) {
    // one more than asked for tells whether there is a next page
    var filter =
        new DeliveryFilter(
            event,
            action,
            repository,
            number,
            outcome,
            since,
            until,
            PageCursor.parameter(cursor, DeliveryCursor::parse),
            limit + 1);
    return database
        .asApi(caller.tenant(), client -> DeliveryQueries.list(client, filter))
        .map(rows -> page(rows, limit));
  }

  private static Page page(List<Row> rows, int limit) {
    List<Row> shown = rows.subList(0, Math.min(limit, rows.size()));
    String next = rows.size() > limit ? cursor(shown.getLast().delivery().webhook()).text() : null;
    return new Page(shown.stream().map(DeliveryView::of).toList(), next);
  }

  private static DeliveryCursor cursor(Webhook last) {
    return new DeliveryCursor(last.origin().receivedAt(), last.id());
  }
}
