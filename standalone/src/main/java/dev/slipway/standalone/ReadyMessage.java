package dev.slipway.standalone;

import dev.slipway.standalone.directory.DataDirectory;
import dev.slipway.standalone.directory.Endpoint;
import dev.slipway.standalone.directory.Endpoints;
import java.io.PrintWriter;
import java.util.Map;

/// What stands on standard output once a process is ready: a table of URLs, and the one line that
/// programs wait for.
///
/// @param out standard output
/// @param options how to print it
record ReadyMessage(PrintWriter out, GlobalOptions options) {
  /// @param ready what the line names, a URL as a rule
  void print(Endpoints endpoints, DataDirectory directory, String ready) {
    print(endpoints, Map.of(), directory, ready);
  }

  /// As the other.
  ///
  /// @param missing why a part is not there that could be
  void print(
      Endpoints endpoints, Map<Endpoint, String> missing, DataDirectory directory, String ready) {
    if (options.json) {
      out.println(endpoints.toJson());
    } else if (!options.quiet) {
      out.print(table(endpoints, missing, directory));
    }
    out.println("slipway ready " + ready);
    out.flush();
  }

  private static Table table(
      Endpoints endpoints, Map<Endpoint, String> missing, DataDirectory directory) {
    Table table = new Table();
    endpoints.urls().forEach((endpoint, url) -> table.row(label(endpoint), url));
    missing.forEach((endpoint, why) -> table.row(label(endpoint), "none: " + why));
    endpoints
        .find(Endpoint.SLIPWAY)
        .ifPresent(url -> table.row("API documentation", url + "/docs"));
    return table
        .row("token, secrets", directory.root().toString())
        .row("logs", directory.root().resolve("logs").toString());
  }

  private static String label(Endpoint endpoint) {
    return switch (endpoint) {
      case SLIPWAY -> "Slipway";
      case WEBHOOKS -> "GitHub webhooks";
      case EVENTS -> "live events";
      case E2B -> "local E2B";
      case GITHUB -> "local GitHub";
      case GIT -> "git";
      case KAFKA -> "Kafka";
      case CONTROLLER -> "Kafka controller";
      case SCHEMA_REGISTRY -> "schema registry";
      case DATABASE -> "PostgreSQL";
    };
  }
}
