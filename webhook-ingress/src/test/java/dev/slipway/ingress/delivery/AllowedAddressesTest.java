package dev.slipway.ingress.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.slipway.web.ApiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedAddressesTest {
  private static final String META =
      "{\"hooks\":[\"192.30.252.0/22\",\"2a0a:a440::/29\"],\"git\":[]}";
  private static final InetAddress GITHUB = InetAddress.ofLiteral("192.30.252.1");
  private static final InetAddress OTHER = InetAddress.ofLiteral("203.0.113.1");

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicReference<String> answer = new AtomicReference<>(META);
  private final AtomicInteger status = new AtomicInteger(200);
  private final AtomicInteger calls = new AtomicInteger();
  private final HttpServer server = server();

  private static HttpServer server() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void serve() {
    server.createContext(
        "/meta",
        exchange -> {
          calls.incrementAndGet();
          byte[] body = answer.get().getBytes(UTF_8);
          exchange.sendResponseHeaders(status.get(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void withoutAListEverybodyMaySend() {
    var allowed = new AllowedAddresses(null, Duration.ofHours(1), nanos::get);
    allowed.refresh();

    assertThat(allowed.everybody()).isTrue();
    assertThat(refusal(allowed, OTHER)).isEmpty();
  }

  @Test
  void beforeTheListIsKnownNobodyMaySend() {
    assertThat(refusal(fromUrl(), GITHUB)).isEqualTo("unavailable");
  }

  @Test
  void onlyTheNetworksOfTheListMaySend() {
    AllowedAddresses allowed = fromUrl();

    allowed.refresh();

    assertThat(refusal(allowed, GITHUB)).isEmpty();
    assertThat(refusal(allowed, InetAddress.ofLiteral("2a0a:a441::1"))).isEmpty();
    assertThat(refusal(allowed, OTHER)).isEqualTo("forbidden");
    assertThat(refusal(allowed, null)).isEqualTo("forbidden");
  }

  @Test
  void theListIsReadAnewWhenItIsOld() {
    AllowedAddresses allowed = fromUrl();
    allowed.refresh();
    answer.set("{\"hooks\":[\"203.0.113.0/24\"]}");

    allowed.refresh();
    assertThat(refusal(allowed, OTHER)).isEqualTo("forbidden");
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    allowed.refresh();

    assertThat(refusal(allowed, OTHER)).isEmpty();
    assertThat(calls).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "{}", "{\"hooks\":[]}", "{\"hooks\":[\"192.30.252.0/22\",\"x\"]}", "[]"})
  void aListThatIsNoneLeavesTheLastOneInForce(String broken) {
    AllowedAddresses allowed = fromUrl();
    allowed.refresh();
    answer.set(broken);
    nanos.addAndGet(Duration.ofHours(2).toNanos());

    allowed.refresh();

    assertThat(refusal(allowed, GITHUB)).isEmpty();
    assertThat(refusal(allowed, OTHER)).isEqualTo("forbidden");
  }

  @Test
  void anErrorLeavesTheLastOneInForce() {
    AllowedAddresses allowed = fromUrl();
    allowed.refresh();
    status.set(500);
    nanos.addAndGet(Duration.ofHours(2).toNanos());

    allowed.refresh();
    server.stop(0);
    allowed.refresh();

    assertThat(refusal(allowed, GITHUB)).isEmpty();
  }

  @Test
  void theListCanBeAFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("meta.json"), META);
    var allowed = new AllowedAddresses(file.toUri(), Duration.ofHours(1), nanos::get);

    allowed.refresh();

    assertThat(refusal(allowed, GITHUB)).isEmpty();
  }

  private AllowedAddresses fromUrl() {
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/meta");
    return new AllowedAddresses(url, Duration.ofHours(1), nanos::get);
  }

  private static String refusal(AllowedAddresses allowed, @Nullable InetAddress address) {
    try {
      allowed.require(address);
      return "";
    } catch (ApiException e) {
      return e.code().value();
    }
  }
}
