package dev.slipway.notifier.hub;

import dev.slipway.web.ApiException;
import dev.slipway.web.ErrorCode;
import dev.slipway.web.security.CallerAuthentication;
import io.netty.channel.Channel;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/// `GET /api/v1/events`: live events as server-sent events.
@RestController
@Tag(name = "events", description = "What happens, as it happens")
final class EventsController {
  private static final MediaType EVENT_STREAM = MediaType.TEXT_EVENT_STREAM;

  private final Hub hub;
  private final Connections connections;
  private final SseEncoder encoder;
  private final Clock clock;

  EventsController(Hub hub, Connections connections, SseEncoder encoder, Clock clock) {
    this.hub = hub;
    this.connections = connections;
    this.encoder = encoder;
    this.clock = clock;
  }

  @GetMapping("/api/v1/events")
  @Operation(
      summary = "Live events, as server-sent events",
      description =
          "Begins with `event: cursor`. Each event's `id` is a cursor: sent as Last-Event-ID, it"
              + " resumes right after that event, on any instance, as far back as events are kept."
              + " `event: reset` says that the cursor was of no use: read what `snapshot` lists,"
              + " the stream goes on live. Parameters are a union; none is everything the caller"
              + " may see.",
      parameters = {
        @Parameter(name = "Last-Event-ID", in = ParameterIn.HEADER),
        @Parameter(name = Selection.LAST_EVENT_ID, in = ParameterIn.QUERY),
        @Parameter(name = "repository", in = ParameterIn.QUERY, description = "owner/name"),
        @Parameter(
            name = "pull_request",
            in = ParameterIn.QUERY,
            description = "owner/name#number"),
        @Parameter(name = "execution_id", in = ParameterIn.QUERY),
        @Parameter(name = "squad_id", in = ParameterIn.QUERY),
        @Parameter(name = "agent_id", in = ParameterIn.QUERY),
        @Parameter(name = "task_id", in = ParameterIn.QUERY),
        @Parameter(name = "sandbox_id", in = ParameterIn.QUERY),
        @Parameter(name = "session_id", in = ParameterIn.QUERY)
      },
      responses = @ApiResponse(responseCode = "200", description = "The stream"))
  Mono<Void> events(
      @Parameter(hidden = true) ServerWebExchange exchange,
      @Parameter(hidden = true) CallerAuthentication caller) {
    ServerHttpRequest request = exchange.getRequest();
    Subscription subscription =
        Selection.of(request.getQueryParams(), caller.getPrincipal().tenant());
    ChannelOutlet outlet = new ChannelOutlet(channelOf(request));
    Duration tokenLife = Duration.between(clock.instant(), caller.expiresAt());
    return Mono.using(
        () -> connections.open(caller.getPrincipal()),
        _ ->
            hub.subscribe(subscription, lastEventId(request), outlet, tokenLife)
                .flatMap(stream ->
                    send(exchange.getResponse(), stream, outlet)
                        // a client that went before the first frame: nobody subscribes to what
                        // is written, so nobody cancels it
                        .doFinally(_ -> stream.end(EndReason.DISCONNECTED))),
        Connections.Seat::close);
  }

  private Mono<Void> send(ServerHttpResponse response, LiveStream stream, ChannelOutlet outlet) {
    response.setStatusCode(HttpStatus.OK);
    HttpHeaders headers = response.getHeaders();
    headers.setContentType(EVENT_STREAM);
    headers.setCacheControl("no-store");
    headers.set("X-Accel-Buffering", "no"); // nginx would hold events back
    DataBufferFactory buffers = response.bufferFactory();
    Flux<DataBuffer> frames =
        stream
            .signals()
            .map(batch -> encoder.encode(batch, buffers))
            .doOnComplete(() -> {
              EndReason reason = stream.endReason();
              if (reason != null && reason.abrupt()) {
                outlet.cut();
              }
            });
    return response.writeAndFlushWith(
        Flux.using(() -> outlet.attach(stream), _ -> frames.map(Mono::just), Runnable::run));
  }

  /// The header wins: a browser repeats the address it began with, and adds the header.
  private static @Nullable String lastEventId(ServerHttpRequest request) {
    String header = request.getHeaders().getFirst("Last-Event-ID");
    String value =
        header == null || header.isEmpty()
            ? request.getQueryParams().getFirst(Selection.LAST_EVENT_ID)
            : header;
    return value == null || value.isEmpty() ? null : value;
  }

  private static Channel channelOf(ServerHttpRequest request) {
    AtomicReference<@Nullable Channel> channel = new AtomicReference<>();
    if (ServerHttpRequestDecorator.getNativeRequest(request) instanceof HttpServerRequest server) {
      server.withConnection(connection -> channel.set(connection.channel()));
    }
    Channel found = channel.get();
    if (found == null) {
      throw new ApiException(ErrorCode.INTERNAL, "The stream needs a connection of its own.");
    }
    return found;
  }
}
