package dev.slipway.locale2b.box;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoxProxyTest {
  private static final Duration IDLE = Duration.ofMinutes(5);

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger lookUps = new AtomicInteger();
  private ServerSocket server;
  private BoxProxy proxy;

  @BeforeEach
  void open() throws Exception {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    proxy = proxy(NetworkRules.on(), IDLE);
  }

  @AfterEach
  void close() throws Exception {
    proxy.close();
    server.close();
    timer.shutdownNow();
  }

  private BoxProxy proxy(NetworkRules rules, Duration idle) throws IOException {
    NetworkSettings settings =
        new NetworkSettings(
            Set.of(80, 443), List.of("mirror.example:" + server.getLocalPort()), 2, idle);
    Map<String, String> hosts =
        Map.of(
            "mirror.example", "127.0.0.1",
            "other.example", "127.0.0.1",
            "metadata.example", "169.254.169.254",
            "mapped.example", "::ffff:10.0.0.1");
    Resolver resolver =
        host -> {
          lookUps.incrementAndGet();
          String address = hosts.get(host);
          if (address != null) {
            return List.of(InetAddress.ofLiteral(address));
          }
          return host.matches("[0-9.]+|[0-9a-f:]*:[0-9a-f:.]*")
              ? List.of(InetAddress.ofLiteral(host))
              : List.of();
        };
    return BoxProxy.open(
        new Judge(resolver, settings),
        settings,
        EgressRules.of(rules.allow(), rules.deny()),
        timer);
  }

  private Client connect() throws IOException {
    return new Client(SocketChannel.open(UnixDomainSocketAddress.of(proxy.socket())));
  }

  private record Client(SocketChannel channel, InputStream in, OutputStream out)
      implements AutoCloseable {
    Client(SocketChannel channel) {
      this(channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }

    void send(String text) throws IOException {
      out.write(text.getBytes(ISO_8859_1));
    }

    String receive() throws IOException {
      return new String(in.readAllBytes(), ISO_8859_1);
    }

    String line() throws IOException {
      return BoxProxyTest.line(in);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString().strip();
  }

  /// Everything the outside gets on one connection, which it answers at the first empty line and
  /// keeps open.
  private BlockingQueue<String> serveOne(String answer) {
    BlockingQueue<String> received = new LinkedBlockingQueue<>();
    Thread.ofVirtual()
        .start(() -> {
          try (Socket socket = server.accept()) {
            for (String line = line(socket.getInputStream());
                !line.isEmpty();
                line = line(socket.getInputStream())) {
              received.add(line);
            }
            socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
            for (int next = socket.getInputStream().read();
                next >= 0;
                next = socket.getInputStream().read()) {
              received.add(Character.toString(next));
            }
          } catch (IOException e) {
            received.add(e.toString());
          }
        });
    return received;
  }

  private String ask(String request) throws IOException {
    try (Client client = connect()) {
      client.send(request);
      return client.receive();
    }
  }

  @Test
  void aRequestGoesOnAsOneRequestWithNothingOfTheProxyInIt() throws Exception {
    BlockingQueue<String> received = serveOne("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    int port = server.getLocalPort();
    try (Client client = connect()) {
      client.send(
          "GET http://Mirror.example:%d/a?b=c HTTP/1.1\r\nHost: evil.example\r\nX: y\r\n"
                  .formatted(port)
              + "Proxy-Connection: keep-alive\r\nProxy-Authorization: Basic x\r\n\r\n"
              + "GET http://mirror.example:%d/second HTTP/1.1\r\n\r\n".formatted(port));

      assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
    }
    await().until(() -> received.size() >= 4);
    assertThat(received)
        .containsExactly(
            "GET /a?b=c HTTP/1.1", "Host: Mirror.example:" + port, "Connection: close", "X: y");
    assertThat(lookUps).hasValue(1);
  }

  @Test
  void aBodyEndsWhereItSays() throws Exception {
    BlockingQueue<String> received = serveOne("");
    try (Client client = connect()) {
      client.send(
          "POST http://mirror.example:%d/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                  .formatted(server.getLocalPort())
              + "3;x=y\r\nabc\r\n0\r\nTrailer: t\r\n\r\nGET /second");
      await().until(() -> String.join("", received).endsWith("3\r\nabc\r\n0\r\n\r\n"));
    }
  }

  @Test
  void aTunnelCarriesBothWaysUntilItsEnd() throws Exception {
    try (Client client = connect()) {
      client.send("CONNECT mirror.example:%d HTTP/1.1\r\n\r\n".formatted(server.getLocalPort()));
      try (Socket outside = server.accept()) {
        assertThat(client.line()).isEqualTo("HTTP/1.1 200 Connection established");
        assertThat(client.line()).isEmpty();
        client.send("ping\n");
        assertThat(line(outside.getInputStream())).isEqualTo("ping");
        outside.getOutputStream().write("pong\n".getBytes(ISO_8859_1));
        assertThat(client.line()).isEqualTo("pong");
        client.channel.shutdownOutput();
        assertThat(outside.getInputStream().read()).isEqualTo(-1);
        outside.getOutputStream().write("more\n".getBytes(ISO_8859_1));
      }
      assertThat(client.receive()).isEqualTo("more\n");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:80, 127.0.0.1 is not a public address",
    "other.example:443, other.example is not a public address",
    "metadata.example:80, metadata.example is not a public address",
    "mapped.example:80, mapped.example is not a public address",
    "[::1]:443, ::1 is not a public address",
    "[64:ff9b::a00:1]:443, 64:ff9b::a00:1 is not a public address",
    "8.8.8.8:22, port 22 is not among those",
    "mirror.example:1, port 1 is not among those",
    "2130706433:80, 2130706433 is not a public address"
  })
  void whatNoBoxMayReachIsRefusedWithTheReason(String target, String why) throws Exception {
    assertThat(ask("CONNECT %s HTTP/1.1\r\n\r\n".formatted(target)))
        .startsWith("HTTP/1.1 403 Forbidden\r\n")
        .contains("\r\n\r\n" + why);
    assertThat(ask("GET http://%s/ HTTP/1.1\r\n\r\n".formatted(target)))
        .startsWith("HTTP/1.1 403 Forbidden\r\n");
  }

  @Test
  void theMachinesOwnAddressesAreRefused() throws Exception {
    String own =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> address instanceof Inet4Address)
            .map(InetAddress::getHostAddress)
            .findFirst()
            .orElseThrow();

    assertThat(ask("CONNECT %s:443 HTTP/1.1\r\n\r\n".formatted(own))).startsWith("HTTP/1.1 403 ");
  }

  @ParameterizedTest
  @CsvSource({
    "GET / HTTP/1.1, this is a proxy",
    "nonsense, this is no HTTP/1.1 request",
    "GET http://user@mirror.example/ HTTP/1.1, this is a proxy",
    "CONNECT mirror.example HTTP/1.1, there is no port",
    "CONNECT mirror.example:99999 HTTP/1.1, there is no port"
  })
  void whatIsNoRequestOfAProxyIsRefused(String line, String why) throws Exception {
    assertThat(ask(line + "\r\n\r\n")).startsWith("HTTP/1.1 400 ").contains("\r\n\r\n" + why);
  }

  @Test
  void aSecondRequestCannotHideBehindAnAmbiguousLength() throws Exception {
    String start = "POST http://mirror.example:%d/ HTTP/1.1\r\n".formatted(server.getLocalPort());

    assertThat(ask(start + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(ask(start + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(ask(start + "X: y\r\n Transfer-Encoding: chunked\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void anUnknownHostIsABadGateway() throws Exception {
    assertThat(ask("CONNECT nowhere.example:443 HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 502 Bad Gateway\r\n")
        .contains("there is no host nowhere.example");
  }

  @Test
  void aBoxReachesOnlyWhatItsRulesName() throws Exception {
    String request = "CONNECT mirror.example:%d HTTP/1.1\r\n\r\n".formatted(server.getLocalPort());
    proxy.replace(EgressRules.of(List.of("example", "*.mirror.example"), List.of("0.0.0.0/0")));
    assertThat(ask(request))
        .startsWith("HTTP/1.1 403 ")
        .contains("mirror.example is not among what this sandbox may reach");

    for (String name : List.of("mirror.example", "*.example", "127.0.0.0/8", "MIRROR.example")) {
      proxy.replace(EgressRules.of(List.of(name), List.of("0.0.0.0/0", "::/0")));
      try (Client client = connect()) {
        client.send(request);
        assertThat(client.line()).isEqualTo("HTTP/1.1 200 Connection established");
      }
    }
  }

  @Test
  void newRulesEndWhatTheyNoLongerAllow() throws Exception {
    try (Client client = connect()) {
      client.send("CONNECT mirror.example:%d HTTP/1.1\r\n\r\n".formatted(server.getLocalPort()));
      try (Socket outside = server.accept()) {
        assertThat(client.line()).isEqualTo("HTTP/1.1 200 Connection established");

        proxy.replace(EgressRules.of(List.of(), NetworkRules.off().deny()));

        assertThat(outside.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void connectionsAreCounted() throws Exception {
    try (Client first = connect();
        Client second = connect()) {
      first.send("CONNECT mirror.example:%d HTTP/1.1\r\n\r\n".formatted(server.getLocalPort()));
      second.send("CONNECT mirror.example:%d HTTP/1.1\r\n\r\n".formatted(server.getLocalPort()));
      assertThat(first.line()).isEqualTo("HTTP/1.1 200 Connection established");
      assertThat(second.line()).isEqualTo("HTTP/1.1 200 Connection established");

      assertThat(ask("CONNECT mirror.example:%d HTTP/1.1\r\n\r\n".formatted(server.getLocalPort())))
          .startsWith("HTTP/1.1 503 ");
    }
  }

  @Test
  void aConnectionOnWhichNothingMovesIsClosed() throws Exception {
    try (BoxProxy impatient = proxy(NetworkRules.on(), Duration.ofMillis(200));
        SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(impatient.socket()))) {
      assertThat(Channels.newInputStream(silent).read()).isEqualTo(-1);
    }
  }

  @Test
  void closingEndsItsConnections() throws Exception {
    try (Client client = connect()) {
      client.send("CONNECT mirror.example:%d HTTP/1.1\r\n\r\n".formatted(server.getLocalPort()));
      try (Socket outside = server.accept()) {
        assertThat(client.line()).isEqualTo("HTTP/1.1 200 Connection established");

        proxy.close();

        assertThat(outside.getInputStream().read()).isEqualTo(-1);
        assertThat(proxy.socket()).doesNotExist();
      }
    }
    timer.shutdown();
    assertThat(timer.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
  }
}
