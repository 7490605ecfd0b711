package dev.slipway.localserver;

import java.util.List;
import java.util.function.Predicate;

/// The routes by which a check looks at the server and makes it misbehave, in front of the double's
/// own.
final class ControlRoutes {
  private static final String PREFIX = "/_slipway/";

  private final Calls calls = new Calls();
  private final Faults faults = new Faults();
  private final Predicate<Exchange> mayControl;
  private final Dispatcher dispatcher;
  private final Routes own =
      new Routes()
          .on("GET /_slipway/calls", exchange -> exchange.answerJson(200, calls.counts()))
          .on(
              "PUT /_slipway/faults",
              exchange -> {
                List<FaultRule> rules = FaultRuleJson.parse(exchange.json());
                faults.replace(rules);
                exchange.answer(204);
              });

  ControlRoutes(Predicate<Exchange> mayControl, Dispatcher dispatcher) {
    this.mayControl = mayControl;
    this.dispatcher = dispatcher;
  }

  static boolean isControl(Exchange exchange) {
    return exchange.path().startsWith(PREFIX);
  }

  Route route(Exchange exchange) {
    if (!isControl(exchange)) {
      Route route = dispatcher.route(exchange);
      calls.count(route.pattern());
      return route;
    }
    if (!mayControl.test(exchange)) {
      throw new RefusedException(401, "the token is missing or wrong");
    }
    return own.find(exchange.method(), exchange.path());
  }

  Faults faults() {
    return faults;
  }
}
