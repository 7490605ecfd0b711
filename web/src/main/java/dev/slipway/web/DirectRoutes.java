package dev.slipway.web;

import dev.slipway.pipeline.observability.Traces;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.http.Outcome;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.support.Netty4HeadersAdapter;

/// The [DirectRoute]s of a service, and what their requests share.
///
/// The server closes connections whose requests it does not know when it ends. So before it does,
/// no more connections are taken here, each of those that are there ends with its next answer, and
/// what is on its way is waited for. What comes in the moment between that and the server's own end
/// gets no answer, as on any connection that is closed while it is idle.
final class DirectRoutes implements SmartLifecycle {
  /// Of `http.server.requests`, as WebFlux has it.
  private static final String TIMER = "http.server.requests";

  /// Before the server's own end, which is 1,024 below the default.
  private static final int BEFORE_THE_SERVER = DEFAULT_PHASE - 512;

  private final List<DirectRoute> routes;
  private final HttpRules rules;
  private final ProblemWriter writer;
  private final ProblemLog log;
  private final Traces traces;
  private final MeterRegistry meters;

  private final Map<Answer, Timer> timers = new ConcurrentHashMap<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicReference<@Nullable Runnable> whenIdle = new AtomicReference<>();
  private volatile @Nullable Channel listening;
  private volatile boolean running;
  private volatile boolean stopping;

  private record Answer(String path, HttpStatus status) {}

  DirectRoutes(
      List<DirectRoute> routes,
      HttpRules rules,
      ProblemWriter writer,
      ProblemLog log,
      Traces traces,
      MeterRegistry meters) {
    this.routes = List.copyOf(routes);
    this.rules = rules;
    this.writer = writer;
    this.log = log;
    this.traces = traces;
    this.meters = meters;
  }

  /// A connection has been made.
  DirectConnection connect(Channel channel) {
    listening = channel.parent();
    return new DirectConnection(this);
  }

  /// The route of a request; empty when it has none, or breaks a rule that WebFlux tells it about.
  Optional<DirectRoute> find(HttpRequest request) {
    if (!HttpMethod.POST.equals(request.method())) {
      return Optional.empty();
    }
    String target = request.uri();
    String path = AllowedHosts.pathOf(target);
    for (DirectRoute route : routes) {
      if (route.path().equals(path)) {
        boolean isHttp10 = request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0;
        return rules.areKept(target, headers(request), isHttp10)
            ? Optional.of(route)
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  static HttpHeaders headers(HttpRequest request) {
    return new HttpHeaders(new Netty4HeadersAdapter(request.headers()));
  }

  Traces.Request begin(DirectRoute route, HttpHeaders headers) {
    return traces.serving("http post " + route.path(), headers::getFirst);
  }

  /// A request begins.
  void entered() {
    var _ = inFlight.incrementAndGet();
  }

  /// Its answer has been written, or is due no more.
  void left() {
    if (inFlight.decrementAndGet() == 0 && stopping) {
      tellIdle();
    }
  }

  /// What a failure is answered, logged where that is for us to know.
  byte[] problem(
      DirectRoute route, ApiException problem, Throwable failure, @Nullable String traceparent) {
    log.failed("POST", route.path(), problem, failure, traceparent);
    return writer.write(problem);
  }

  void answered(DirectRoute route, HttpStatus status, long nanos) {
    timers
        .computeIfAbsent(new Answer(route.path(), status), this::timer)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Answer answer) {
    int status = answer.status().value();
    return meters.timer(
        TIMER,
        "method",
        "POST",
        "uri",
        answer.path(),
        "status",
        Integer.toString(status),
        "outcome",
        Outcome.forStatus(status).name());
  }

  /// Whether each answer is the last of its connection.
  boolean isStopping() {
    return stopping;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop(Runnable told) {
    whenIdle.set(told);
    stopping = true;
    Channel acceptor = listening;
    if (acceptor != null) {
      var _ = acceptor.config().setAutoRead(false);
    }
    if (inFlight.get() == 0) {
      tellIdle();
    }
  }

  private void tellIdle() {
    Runnable told = whenIdle.getAndSet(null);
    if (told != null) {
      running = false;
      told.run();
    }
  }

  @Override
  public void stop() {
    stop(() -> {});
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return BEFORE_THE_SERVER;
  }
}
