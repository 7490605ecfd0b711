package dev.slipway.sandbox.inside;

import dev.slipway.sandbox.inside.FileView.Page;
import dev.slipway.sandbox.inside.FileView.Written;
import dev.slipway.sandbox.provider.ByteRange;
import dev.slipway.sandbox.provider.SandboxSession;
import dev.slipway.web.ApiException;
import dev.slipway.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// Files of sandboxes, streamed both ways: of each transfer a few buffers are in memory.
@RestController
@RequestMapping("/api/v1/sandboxes/{id}/files")
@Tag(name = "files", description = "Files of sandboxes")
final class FileController {
  private static final long MOST_BYTES = 100 << 20;
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int MOST_BUFFERS = 8;
  private static final int DEEPEST = 20;
  private static final DataBufferFactory BUFFERS = DefaultDataBufferFactory.sharedInstance;

  private final Inside inside;
  private final Scheduler blocking;

  /// @param blocking where reads that wait belong
  FileController(Inside inside, Scheduler blocking) {
    this.inside = inside;
    this.blocking = blocking;
  }

  @GetMapping(produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  @Operation(summary = "The bytes of a file")
  Mono<ResponseEntity<Flux<DataBuffer>>> read(
      @AuthenticationPrincipal Caller caller, @PathVariable UUID id, @RequestParam String path) {
    String file = path(path);
    return inside
        .in(
            caller,
            id,
            (_, _, session) ->
                session.read(file, ByteRange.ALL).orElseThrow(() -> ApiException.notFound("file")))
        .map(content ->
            ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .body(
                    DataBufferUtils.readInputStream(() -> content, BUFFERS, BUFFER_BYTES)
                        .subscribeOn(blocking)));
  }

  @PutMapping
  @Operation(summary = "Create or replace a file with the body, at most 100 MiB")
  Mono<Written> write(
      @AuthenticationPrincipal Caller caller,
      @PathVariable UUID id,
      @RequestParam String path,
      ServerHttpRequest request) {
    String file = path(path);
    if (request.getHeaders().getContentLength() > MOST_BYTES) {
      throw CountedStream.tooLarge(MOST_BYTES);
    }
    return inside
        .in(caller, id, (_, _, session) -> write(session, file, request.getBody()))
        .onErrorMap(UncheckedIOException.class, FileController::answered);
  }

  private static Written write(SandboxSession session, String path, Flux<DataBuffer> body) {
    try (InputStream arriving = DataBufferUtils.subscriberInputStream(body, MOST_BUFFERS);
        var content = new CountedStream(arriving, MOST_BYTES)) {
      session.write(path, content);
      return new Written(path, content.countBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What broke the body off may have an answer of its own.
  private static Throwable answered(UncheckedIOException failure) {
    return Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
        .filter(ApiException.class::isInstance)
        .findFirst()
        .orElse(failure);
  }

  @DeleteMapping
  @Operation(summary = "Remove a file, or a directory with all that it holds")
  Mono<ResponseEntity<Void>> remove(
      @AuthenticationPrincipal Caller caller, @PathVariable UUID id, @RequestParam String path) {
    String file = path(path);
    return inside
        .in(
            caller,
            id,
            (_, _, session) -> {
              session.remove(file);
              return true;
            })
        .map(_ -> ResponseEntity.noContent().build());
  }

  @GetMapping("/list")
  @Operation(summary = "What a directory holds")
  Mono<Page> list(
      @AuthenticationPrincipal Caller caller,
      @PathVariable UUID id,
      @RequestParam String path,
      @RequestParam(defaultValue = "1") @Min(1) @Max(DEEPEST) int depth) {
    String directory = path(path);
    return inside
        .in(
            caller,
            id,
            (_, _, session) ->
                session
                    .list(directory, depth)
                    .orElseThrow(() -> ApiException.notFound("directory")))
        .map(entries -> new Page(entries.stream().map(FileView::of).toList(), null));
  }

  private static String path(String given) {
    return SandboxPath.parse(given)
        .map(SandboxPath::value)
        .orElseThrow(() ->
            ApiException.invalid(
                "path",
                "malformed",
                "It must be absolute, or below the home of the sandbox's user, and of at most 4 KiB."));
  }
}
