package dev.slipway.locale2b.envd;

import dev.slipway.locale2b.box.Usage;
import dev.slipway.localserver.Exchange;
import dev.slipway.localserver.RefusedException;
import dev.slipway.localserver.Route;
import dev.slipway.localserver.RouteHandler;
import dev.slipway.localserver.Routes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Everything that a sandbox's daemon answers.
public final class EnvdRoutes {
  private static final long MIB = 1 << 20;

  private final Admission admission;
  private final Clock clock;

  private final Routes routes;

  public EnvdRoutes(Daemons daemons, Clock clock) {
    admission = new Admission(daemons, clock);
    this.clock = clock;
    routes = routes();
  }

  /// Whether a request is for a sandbox and not for who makes them.
  public static boolean areFor(Exchange exchange) {
    return exchange.header("E2b-Sandbox-Id").isPresent()
        || SandboxAddress.ofHost(exchange.host()).isPresent()
        || (exchange.path().equals("/files") && exchange.query("signature").isPresent());
  }

  /// The route of such a request. That there is none is told to nobody without the token.
  public Route route(Exchange exchange) {
    try {
      return routes.find(exchange.method(), exchange.path());
    } catch (RefusedException unknown) {
      Daemon _ = admission.admitted(exchange);
      throw unknown;
    }
  }

  private Routes routes() {
    Rpc rpc = new Rpc(admission::admitted);
    Routes all =
        new Routes()
            .on(
                "GET /health",
                exchange -> {
                  Daemon _ = admission.addressed(exchange);
                  exchange.answer(204);
                })
            .on(
                "GET /envs",
                exchange -> exchange.answerJson(200, admission.admitted(exchange).environment()))
            .on("GET /metrics", this::metrics)
            .on("GET /files", file("read", this::read))
            .on("POST /files", file("write", this::write));
    ProcessService.addTo(all, rpc);
    FilesystemService.addTo(all, rpc);
    return all;
  }

  private interface FileHandler {
    void handle(Exchange exchange) throws IOException, InterruptedException;
  }

  private static RouteHandler file(String name, FileHandler handler) {
    return exchange -> {
      try {
        handler.handle(exchange);
      } catch (RpcException e) {
        // no such call, but the same work in a box
        throw new RefusedException(e.code().status(), e.text());
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("the server ends before it could " + name);
      }
    };
  }

  private void read(Exchange exchange) throws IOException, InterruptedException {
    Daemon daemon = admission.admittedToFile(exchange, "read");
    Account account = account(exchange);
    String path = resolved(exchange.query("path").orElse(""), account);
    try {
      FileDownload.answer(exchange, daemon, account, path);
    } catch (Rpc.BrokenOffException _) {
      throw Admission.gone(daemon.id());
    }
  }

  private void write(Exchange exchange) throws IOException, InterruptedException {
    Daemon daemon = admission.admittedToFile(exchange, "write");
    Account account = account(exchange);
    try {
      FileUpload.answer(exchange, daemon, account, exchange.query("path"));
    } catch (Rpc.BrokenOffException _) {
      throw Admission.gone(daemon.id());
    }
  }

  static String resolved(String path, Account account) {
    try {
      return BoxPaths.resolve(path, account.home());
    } catch (RpcException e) {
      throw new RefusedException(400, e.text());
    }
  }

  private static Account account(Exchange exchange) {
    Optional<String> name = exchange.query("username");
    return Account.named(name.orElse(""))
        .orElseThrow(
            () -> new RefusedException(401, "invalid username: '" + name.orElse("") + "'"));
  }

  private void metrics(Exchange exchange) throws IOException {
    Usage usage = admission.admitted(exchange).box().usage();
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("ts", clock.instant().getEpochSecond());
    metrics.put("cpu_count", usage.cpus());
    metrics.put("cpu_used_pct", usage.cpuPercent());
    metrics.put("mem_total", usage.memoryTotalBytes());
    metrics.put("mem_used", usage.memoryUsedBytes());
    metrics.put("mem_cache", 0);
    metrics.put("mem_total_mib", usage.memoryTotalBytes() / MIB);
    metrics.put("mem_used_mib", usage.memoryUsedBytes() / MIB);
    metrics.put("disk_used", usage.diskUsedBytes());
    metrics.put("disk_total", usage.diskTotalBytes());
    exchange.answerJson(200, metrics);
  }
}
