package dev.slipway.localgithub.api;

import dev.slipway.localserver.Exchange;
import dev.slipway.localserver.RefusedException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import tools.jackson.databind.node.ObjectNode;

/// How many requests each caller may make in an hour.
public final class RateLimit {
  private static final Duration WINDOW = Duration.ofHours(1);

  private final int limit;
  private final Clock clock;
  private final ConcurrentMap<String, Window> windows = new ConcurrentHashMap<>();

  /// @param reset when another begins
  private record Window(int used, Instant reset) {}

  public RateLimit(int limit, Clock clock) {
    this.limit = limit;
    this.clock = clock;
  }

  /// Counts a request and says in its answer what is left.
  ///
  /// @throws RefusedException when nothing is
  void take(Caller caller, Exchange exchange) {
    Window window = add(caller, 1);
    say(window, exchange);
    if (window.used > limit) {
      throw Refusals.shape(clock)
          .limited(403, Duration.between(clock.instant(), window.reset).plusSeconds(1));
    }
  }

  /// Has a request not count: there was nothing new.
  void giveBack(Caller caller, Exchange exchange) {
    say(add(caller, -1), exchange);
  }

  private Window add(Caller caller, int requests) {
    Instant now = clock.instant();
    return windows.compute(
        caller.account().login(),
        (_, present) ->
            present == null || !now.isBefore(present.reset)
                ? new Window(Math.max(0, requests), now.plus(WINDOW))
                : new Window(present.used + requests, present.reset));
  }

  private void say(Window window, Exchange exchange) {
    json(window)
        .properties()
        .forEach(
            entry -> exchange.set("x-ratelimit-" + entry.getKey(), entry.getValue().asString()));
  }

  private ObjectNode json(Window window) {
    return Json.object()
        .put("limit", limit)
        .put("used", Math.min(window.used, limit))
        .put("remaining", Math.max(0, limit - window.used))
        .put("reset", window.reset.getEpochSecond())
        .put("resource", "core");
  }

  /// What is left, of each kind of request; asking does not count.
  void answer(Call call) throws IOException {
    ObjectNode core = json(add(call.caller(), 0));
    call.answer(
        200,
        Json.object()
            .set("resources", Json.object().set("core", core).set("search", core))
            .set("rate", core));
  }
}
