package dev.slipway.localserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.function.Predicate;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// A running server on loopback.
///
/// Besides what its dispatcher knows it answers `GET /_slipway/calls` and `PUT /_slipway/faults`
/// (see [FaultRule]).
public final class LocalServer implements AutoCloseable {
  /// What requests under way get to end when the server is closed.
  private static final Duration STOPPING = Duration.ofSeconds(3);

  /// What connections that nobody uses get to be used once more.
  private static final Duration UNUSED_AT_END = Duration.ofMillis(50);

  /// A client that reads nothing for so long, or keeps an unused connection, is cut off.
  private static final Duration IDLE = Duration.ofMinutes(30);

  private static final int HEADER_BYTES = 64 << 10;
  private static final int BACKLOG = 1024;

  private final Server server;
  private final ServerConnector connector;
  private final Place place;

  private LocalServer(Server server, ServerConnector connector, Place place) {
    this.server = server;
    this.connector = connector;
    this.place = place;
  }

  /// Starts a server and returns once it listens.
  ///
  /// @param place where it listens
  /// @param name of its threads
  /// @param mayControl whether a request to `/_slipway` has the token
  public static LocalServer start(
      Place place,
      String name,
      Predicate<Exchange> mayControl,
      ErrorShape errors,
      Dispatcher dispatcher) {
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setName(name);
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor(name + "-"));
    Server server = new Server(threads);
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http()));
    if (place.host().isEmpty()) {
      connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    }
    connector.setPort(place.port());
    connector.setIdleTimeout(IDLE.toMillis());
    connector.setShutdownIdleTimeout(UNUSED_AT_END.toMillis());
    connector.setAcceptQueueSize(BACKLOG);
    server.setConnectors(new Connector[] {connector});
    server.setStopTimeout(STOPPING.toMillis());
    server.setErrorHandler(new JsonErrors(errors));
    server.setHandler(
        new GracefulHandler(new FaultyHandler(new ControlRoutes(mayControl, dispatcher), errors)));
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot listen on port " + place.port(), e);
    } catch (Exception e) { // of Jetty
      throw new IllegalStateException(name + " does not start", e);
    }
    return new LocalServer(server, connector, place);
  }

  private static HttpConfiguration http() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    // ids with a slash in them are unknown ones, which is for the routes to say
    http.setUriCompliance(
        UriCompliance.DEFAULT.with(
            "slipway",
            UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR,
            UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
            UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT));
    return http;
  }

  public int port() {
    return connector.getLocalPort();
  }

  public URI url() {
    return URI.create("http://" + place.host().orElse("127.0.0.1") + ":" + port());
  }

  /// Takes no more requests, lets those under way end for a while, and ends.
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) { // of Jetty
      throw new IllegalStateException("the server does not stop", e);
    }
  }
}
