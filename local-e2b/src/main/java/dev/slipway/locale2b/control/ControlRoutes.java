package dev.slipway.locale2b.control;

import dev.slipway.localserver.Exchange;
import dev.slipway.localserver.RefusedException;
import dev.slipway.localserver.RouteHandler;
import dev.slipway.localserver.Routes;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Everything that the control plane answers.
public final class ControlRoutes {
  private static final Duration V2_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration V1_TIMEOUT = Duration.ofSeconds(15);

  /// An id, and what old clients put behind it.
  private static final Pattern ID = Pattern.compile("([a-z0-9]+)(-[a-z0-9]+)?");

  private static final List<String> LEFT_OUT =
      List.of(
          "POST /sandboxes/{id}/snapshots",
          "POST /sandboxes/{id}/fork",
          "GET /snapshots",
          "GET /templates",
          "POST /templates",
          "POST /v2/templates",
          "POST /v3/templates",
          "GET /volumes",
          "POST /volumes",
          "GET /secrets",
          "POST /secrets",
          "GET /teams");

  private final Sandboxes sandboxes;
  private final SandboxJson json;

  private ControlRoutes(Sandboxes sandboxes) {
    this.sandboxes = sandboxes;
    json = new SandboxJson(sandboxes.settings().limits());
  }

  public static Routes of(Sandboxes sandboxes) {
    ControlRoutes control = new ControlRoutes(sandboxes);
    Routes routes =
        new Routes()
            .on("POST /v2/sandboxes", exchange -> control.create(exchange, V2_TIMEOUT))
            .on("POST /sandboxes", exchange -> control.create(exchange, V1_TIMEOUT))
            .on("GET /v2/sandboxes", control::list)
            .on("GET /sandboxes", control::listRunning)
            .on("GET /sandboxes/metrics", control::severalMetrics)
            .on("GET /sandboxes/{id}", control::detail)
            .on("DELETE /sandboxes/{id}", control::kill)
            .on("POST /sandboxes/{id}/timeout", control::timeout)
            .on("POST /sandboxes/{id}/refreshes", control::refresh)
            .on("POST /sandboxes/{id}/pause", control::pause)
            .on("POST /v2/sandboxes/{id}/connect", exchange -> control.connect(exchange, true))
            .on("POST /sandboxes/{id}/connect", exchange -> control.connect(exchange, false))
            .on("POST /sandboxes/{id}/resume", control::resume)
            .on("GET /sandboxes/{id}/metrics", control::metrics)
            .on("GET /v2/sandboxes/{id}/logs", control::logs)
            .on("PUT /sandboxes/{id}/network", control::network)
            .on("GET /health", exchange -> exchange.answerText(200, "Health check successful"));
    LEFT_OUT.forEach(pattern -> routes.on(pattern, leftOut(pattern)));
    return routes.on(
        "DELETE /templates/{id}",
        exchange -> {
          throw new RefusedException(404, "template '" + exchange.parameter("id") + "' not found");
        });
  }

  private static RouteHandler leftOut(String pattern) {
    return _ -> {
      throw new RefusedException(501, pattern + " is left out of local-e2b");
    };
  }

  private Sandbox sandbox(Exchange exchange) {
    Matcher id = ID.matcher(exchange.parameter("id"));
    if (!id.matches()) {
      throw new RefusedException(400, "Invalid sandbox ID");
    }
    return sandboxes.require(id.group(1));
  }

  private void create(Exchange exchange, Duration timeout) throws IOException {
    CreateRequest request =
        CreateRequest.of(new Body(exchange.json()), timeout, sandboxes.settings().longest());
    exchange.answerJson(201, json.created(sandboxes.create(request)));
  }

  private void list(Exchange exchange) throws IOException {
    ListQuery query = ListQuery.of(exchange);
    ListQuery.Page<Sandbox> page = query.page(sandboxes.all(), Sandbox::listed);
    page.next().ifPresent(next -> exchange.set("X-Next-Token", next.encoded()));
    if (query.states().contains(Life.State.RUNNING)) {
      exchange.set("X-Total-Running", Long.toString(page.totalRunning()));
    }
    exchange.answerJson(200, page.items().stream().map(json::listed).toList());
  }

  private void listRunning(Exchange exchange) throws IOException {
    MetadataFilter filter = MetadataFilter.parse(exchange.query("metadata"));
    exchange.answerJson(
        200,
        sandboxes.all().stream()
            .filter(one -> one.life().isRunning() && filter.admits(one.request().metadata()))
            .map(json::listed)
            .toList());
  }

  private void detail(Exchange exchange) throws IOException {
    exchange.answerJson(200, json.detail(sandbox(exchange)));
  }

  private void kill(Exchange exchange) throws IOException {
    sandboxes.kill(sandbox(exchange));
    exchange.answer(204);
  }

  private void timeout(Exchange exchange) throws IOException {
    Sandbox sandbox = sandbox(exchange);
    int seconds =
        new Body(exchange.json())
            .number("timeout")
            .orElseThrow(() -> new RefusedException(400, "timeout is required"));
    sandboxes.change(sandbox, life -> life.timeout(Duration.ofSeconds(seconds), sandboxes.now()));
    exchange.answer(204);
  }

  private void refresh(Exchange exchange) throws IOException {
    Sandbox sandbox = sandbox(exchange);
    int seconds = new Body(exchange.json()).number("duration").orElse(0);
    if (seconds < 0 || seconds > 3_600) {
      throw new RefusedException(400, "duration must be a number from 0 to 3600");
    }
    sandboxes.change(sandbox, life -> life.refreshed(Duration.ofSeconds(seconds), sandboxes.now()));
    exchange.answer(204);
  }

  private void pause(Exchange exchange) throws IOException {
    Sandbox sandbox = sandbox(exchange);
    sandboxes.pause(sandbox, new Body(exchange.json()).flag("memory").orElse(true));
    exchange.answer(204);
  }

  private void connect(Exchange exchange, boolean hasDefault) throws IOException {
    Sandbox sandbox = sandbox(exchange);
    Optional<Integer> seconds = new Body(exchange.json()).number("timeout");
    if (seconds.isEmpty() && !hasDefault) {
      throw new RefusedException(400, "timeout is required");
    }
    boolean resumed =
        sandboxes.connect(
            sandbox, CreateRequest.timeout(seconds, V2_TIMEOUT, sandboxes.settings().longest()));
    exchange.answerJson(resumed ? 201 : 200, json.created(sandbox));
  }

  private void resume(Exchange exchange) throws IOException {
    Sandbox sandbox = sandbox(exchange);
    Duration timeout =
        CreateRequest.timeout(
            new Body(exchange.json()).number("timeout"),
            V1_TIMEOUT,
            sandboxes.settings().longest());
    if (sandbox.life().isRunning()) {
      throw new RefusedException(409, "sandbox \"" + sandbox.id() + "\" is running");
    }
    boolean _ = sandboxes.connect(sandbox, timeout);
    exchange.answerJson(201, json.created(sandbox));
  }

  private void metrics(Exchange exchange) throws IOException {
    exchange.answerJson(200, measured(sandbox(exchange)).stream().toList());
  }

  private void severalMetrics(Exchange exchange) throws IOException {
    Map<String, Object> metrics = new LinkedHashMap<>();
    for (String id : exchange.query("sandbox_ids").orElse("").split(",", -1)) {
      sandboxes.find(id).flatMap(this::measured).ifPresent(measured -> metrics.put(id, measured));
    }
    exchange.answerJson(200, Map.of("sandboxes", metrics));
  }

  /// What one takes now; nothing when it is paused.
  private Optional<Map<String, Object>> measured(Sandbox sandbox) {
    return sandbox.life().isRunning()
        ? Optional.of(SandboxJson.metrics(sandbox.box().usage(), sandboxes.now()))
        : Optional.empty();
  }

  private void logs(Exchange exchange) throws IOException {
    Sandbox _ = sandbox(exchange);
    // nothing is logged of a sandbox: what its programs print is read as their output
    exchange.answerJson(200, Map.of("logs", List.of()));
  }

  private void network(Exchange exchange) throws IOException {
    Sandbox sandbox = sandbox(exchange);
    Body body = new Body(exchange.json());
    sandbox.egress(Egress.of(body.flag("allow_internet_access"), Optional.of(body)));
    exchange.answer(204);
  }
}
