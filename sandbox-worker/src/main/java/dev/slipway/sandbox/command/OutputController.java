package dev.slipway.sandbox.command;

import dev.slipway.pipeline.database.Database;
import dev.slipway.sandbox.command.OutputQueries.Row;
import dev.slipway.sandbox.provider.ProcessEvent.Channel;
import dev.slipway.web.ApiException;
import dev.slipway.web.PreferredWait;
import dev.slipway.web.security.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Min;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.UUID;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/// What commands have printed, byte for byte. While a command runs an answer has at most a
/// mebibyte; once it has ended, all that is left.
@RestController
@Tag(name = "operations", description = "What workers do in sandboxes")
final class OutputController {
  private static final String NEXT = "Slipway-Output-Next";
  private static final String ENDED = "Slipway-Output-Ended";
  private static final int MOST_AT_ONCE = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final DefaultDataBufferFactory BUFFERS = DefaultDataBufferFactory.sharedInstance;

  private final Database database;
  private final OutputLog log;
  private final Scheduler blocking;

  /// @param blocking where reads that wait belong
  OutputController(Database database, OutputLog log, Scheduler blocking) {
    this.database = database;
    this.log = log;
    this.blocking = blocking;
  }

  @GetMapping(
      value = "/api/v1/operations/{id}/output",
      produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  @Operation(summary = "What a command printed from an offset on; Prefer: wait=N waits for more")
  Mono<ResponseEntity<Flux<DataBuffer>>> output(
      @AuthenticationPrincipal Caller caller,
      @PathVariable UUID id,
      @RequestParam(defaultValue = "stdout") String stream,
      @RequestParam(defaultValue = "0") @Min(0) long offset,
      ServerWebExchange exchange) {
    Channel channel = channel(stream);
    long deadline = System.nanoTime() + PreferredWait.of(exchange).toNanos();
    return find(caller, id).flatMap(row -> answer(caller, id, row, channel, offset, deadline));
  }

  private Mono<Row> find(Caller caller, UUID id) {
    return database
        .asApi(caller.tenant(), client -> OutputQueries.find(client, id))
        .switchIfEmpty(Mono.error(() -> ApiException.notFound("command")));
  }

  private Mono<ResponseEntity<Flux<DataBuffer>>> answer(
      Caller caller, UUID id, Row row, Channel channel, long offset, long deadline) {
    Published published = row.published();
    if (row.hasEnded()) {
      return published == null
          ? Mono.just(response(offset, true, Flux.empty()))
          : Mono.just(whole(id, published, channel, offset));
    }
    if (published != null) {
      return following(caller, id, published, channel, offset, deadline);
    }
    if (System.nanoTime() - deadline >= 0) {
      return Mono.just(response(offset, false, Flux.empty()));
    }
    // many may wait for what is queued: none of them keeps a thread
    return row.hasStarted()
        ? fromHere(caller, id, row.sandbox(), channel, offset, deadline)
        : find(caller, id)
            .delaySubscription(pause(deadline))
            .flatMap(now -> answer(caller, id, now, channel, offset, deadline));
  }

  private static Duration pause(long deadline) {
    long left = Math.max(1, deadline - System.nanoTime());
    return Duration.ofNanos(Math.min(left, LOOK_EVERY.toNanos() / 10));
  }

  /// Whoever asks before the command begins gets its first output from Kafka: what is not begun yet
  /// will print behind the end that the topic had before.
  private Mono<ResponseEntity<Flux<DataBuffer>>> fromHere(
      Caller caller, UUID id, String sandbox, Channel channel, long offset, long deadline) {
    return Mono.fromCallable(() -> log.beginning("", sandbox))
        .subscribeOn(blocking)
        .flatMap(end ->
            find(caller, id)
                .flatMap(now ->
                    now.published() == null && !now.hasEnded()
                        ? following(caller, id, end, channel, offset, deadline)
                        : answer(caller, id, now, channel, offset, deadline)));
  }

  private Mono<ResponseEntity<Flux<DataBuffer>>> following(
      Caller caller, UUID id, Published published, Channel channel, long offset, long deadline) {
    return Mono.fromCallable(() -> part(id, published, channel, offset, until(deadline)))
        .subscribeOn(blocking)
        .flatMap(found ->
            found.bytes.length > 0 || found.ended || System.nanoTime() - deadline >= 0
                ? Mono.just(response(found.next, found.ended, Flux.just(BUFFERS.wrap(found.bytes))))
                : find(caller, id)
                    .flatMap(now -> answer(caller, id, now, channel, offset, deadline)));
  }

  /// Now and then it is looked whether the operation has ended in another way.
  private static long until(long deadline) {
    long look = System.nanoTime() + LOOK_EVERY.toNanos();
    return look - deadline < 0 ? look : deadline;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared as a record
  private record Part(byte[] bytes, long next, boolean ended) {}

  private Part part(UUID id, Published published, Channel channel, long offset, long deadline) {
    try (OutputReader reader = log.reader(id, published, channel, offset)) {
      var bytes = new ByteArrayOutputStream();
      byte[] next = reader.next(deadline);
      while (next.length > 0) {
        bytes.writeBytes(next);
        next = bytes.size() < MOST_AT_ONCE ? reader.next(System.nanoTime()) : new byte[0];
      }
      return new Part(bytes.toByteArray(), reader.offset(), reader.hasEnded());
    }
  }

  private ResponseEntity<Flux<DataBuffer>> whole(
      UUID id, Published published, Channel channel, long offset) {
    long end = Math.max(offset, published.of(channel));
    Flux<DataBuffer> body =
        offset >= end
            ? Flux.empty()
            : Flux.<DataBuffer, OutputReader>generate(
                    () -> log.reader(id, published, channel, offset),
                    (reader, sink) -> {
                      byte[] next =
                          reader.offset() < end
                              ? reader.next(System.nanoTime() + PATIENCE.toNanos())
                              : new byte[0];
                      if (next.length == 0 && reader.offset() < end && !reader.hasEnded()) {
                        sink.error(new IllegalStateException("the output does not come"));
                      } else if (next.length == 0) {
                        sink.complete();
                      } else {
                        sink.next(BUFFERS.wrap(next));
                      }
                      return reader;
                    },
                    OutputReader::close)
                .subscribeOn(blocking);
    return response(end, true, body);
  }

  private static ResponseEntity<Flux<DataBuffer>> response(
      long next, boolean ended, Flux<DataBuffer> body) {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .header(NEXT, Long.toString(next))
        .header(ENDED, Boolean.toString(ended))
        .body(body);
  }

  private static Channel channel(String stream) {
    return switch (stream) {
      case "stdout" -> Channel.STDOUT;
      case "stderr" -> Channel.STDERR;
      default ->
          throw ApiException.invalid("stream", "unknown_value", "It must be stdout or stderr.");
    };
  }
}
