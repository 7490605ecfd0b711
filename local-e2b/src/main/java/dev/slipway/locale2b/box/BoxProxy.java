package dev.slipway.locale2b.box;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one way out of a box: a forwarding proxy for HTTP and HTTPS behind a socket in the file
/// system, which is mounted into the box. There the relay of `init.py` listens on the loopback of
/// the box's own network and carries to it, for programs that speak to proxies only over TCP.
final class BoxProxy implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BoxProxy.class);
  private static final String URL = "http://127.0.0.1:3128";
  private static final String DIRECT = "localhost,127.0.0.1,::1";
  private static final int SWEEPS_PER_IDLE_TIME = 4;

  private final ServerSocketChannel listener;
  private final Path socket;
  private final Judge judge;
  private final NetworkSettings settings;
  private final AtomicReference<EgressRules> rules;
  private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
  private final ScheduledFuture<?> sweep;

  private BoxProxy(
      ServerSocketChannel listener,
      Path socket,
      Judge judge,
      NetworkSettings settings,
      EgressRules rules,
      ScheduledExecutorService timer) {
    this.listener = listener;
    this.socket = socket;
    this.judge = judge;
    this.settings = settings;
    this.rules = new AtomicReference<>(rules);
    long every = Math.max(1, settings.idle().toMillis() / SWEEPS_PER_IDLE_TIME);
    this.sweep = timer.scheduleWithFixedDelay(this::sweep, every, every, TimeUnit.MILLISECONDS);
  }

  static BoxProxy open(
      Judge judge, NetworkSettings settings, EgressRules rules, ScheduledExecutorService timer)
      throws IOException {
    // A socket's path has at most 107 bytes, and a data directory's may be longer. Only until the
    // box has it mounted.
    Path socket = Files.createTempDirectory("box").resolve("s");
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket));
    // the box's users are not us; the folder keeps all others away
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
    BoxProxy proxy = new BoxProxy(listener, socket, judge, settings, rules, timer);
    Thread.ofVirtual().start(proxy::accept);
    return proxy;
  }

  Path socket() {
    return socket;
  }

  /// Takes the socket out of the file system: the box has it.
  void hide() throws IOException {
    Files.deleteIfExists(socket);
    Files.deleteIfExists(socket.resolveSibling(""));
  }

  static Map<String, String> environment() {
    return Map.of(
        "HTTP_PROXY", URL,
        "HTTPS_PROXY", URL,
        "http_proxy", URL,
        "https_proxy", URL,
        "NO_PROXY", DIRECT,
        "no_proxy", DIRECT);
  }

  /// From now on these hold, also for connections that there are already.
  void replace(EgressRules replacement) {
    rules.set(replacement);
    for (ProxiedConnection connection : connections) {
      connection
          .destination()
          .filter(to -> !replacement.allow(to.host(), to.address().getAddress()))
          .ifPresent(_ -> connection.close());
    }
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = listener.accept();
        Thread.ofVirtual().start(() -> serve(new ProxiedConnection(channel)));
      }
    } catch (IOException e) {
      log.atDebug().setCause(e).log("proxy of a box closed");
    }
  }

  private void serve(ProxiedConnection connection) {
    try (connection) {
      connections.add(connection);
      if (!listener.isOpen() || connections.size() > 2 * settings.connections()) {
        return; // so many that not even a reason is given
      }
      if (connections.size() > settings.connections()) {
        connection.refuse(
            "503 Service Unavailable",
            "this sandbox has " + settings.connections() + " connections already");
        return;
      }
      connection.serve(judge, rules);
    } catch (IOException e) {
      log.atDebug().setCause(e).log("connection of a box ended");
    } finally {
      connections.remove(connection);
    }
  }

  private void sweep() {
    for (ProxiedConnection connection : connections) {
      if (connection.idleNanos() > settings.idle().toNanos()) {
        connection.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    sweep.cancel(false);
    listener.close();
    connections.forEach(ProxiedConnection::close);
    hide();
  }
}
