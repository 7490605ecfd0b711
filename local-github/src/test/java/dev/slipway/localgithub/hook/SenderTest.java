package dev.slipway.localgithub.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.slipway.localgithub.hook.Delivery.Outcome;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SenderTest {
  private static final char[] PASSWORD = "password".toCharArray();
  private static final InetSocketAddress ANYWHERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @TempDir Path folder;

  @Test
  void whoDoesNotAnswerInTimeIsNotWaitedFor() throws Exception {
    var answered = new CountDownLatch(1);
    HttpServer server = HttpServer.create(ANYWHERE, 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          try {
            boolean _ = answered.await(1, TimeUnit.MINUTES);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    server.start();
    try (Sender sender = new Sender(Clock.systemUTC(), Duration.ofMillis(200))) {
      Outcome outcome =
          send(sender, "http://127.0.0.1:" + server.getAddress().getPort() + "/", false);

      assertThat(outcome.code()).isZero();
      assertThat(outcome.status()).isEqualTo("timed out");
    } finally {
      answered.countDown();
      server.stop(0);
    }
  }

  @Test
  void aCertificateThatNobodySignedIsTakenByHooksThatAskForThatAlone() throws Exception {
    HttpsServer server = HttpsServer.create(ANYWHERE, 0);
    server.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(202, -1);
          exchange.close();
        });
    server.start();
    String url = "https://127.0.0.1:" + server.getAddress().getPort() + "/";
    try (Sender sender = new Sender(Clock.systemUTC())) {
      Outcome refused = send(sender, url, false);
      Outcome taken = send(sender, url, true);

      assertThat(refused.code()).isZero();
      assertThat(refused.status()).isEqualTo("failed to connect to host");
      assertThat(taken.code()).isEqualTo(202);
    } finally {
      server.stop(0);
    }
  }

  private static Outcome send(Sender sender, String url, boolean insecure) throws Exception {
    var hook =
        new Hook(
            1,
            1,
            true,
            List.of("*"),
            new Hook.Config(url, false, null, insecure),
            Instant.EPOCH,
            Instant.EPOCH,
            null);
    var delivery = new Delivery(1, 1, 1, "guid", "push", null, false, Instant.EPOCH, "{}", null);
    return sender.send(hook, delivery).get(1, TimeUnit.MINUTES);
  }

  private SSLContext selfSigned() throws Exception {
    Path store = folder.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "nobody",
                "-keyalg",
                "EC",
                "-dname",
                "CN=nobody",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                String.valueOf(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
