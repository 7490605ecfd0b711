package dev.slipway.standalone.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.embedded.PrivateHosts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands that mean harm, through the product: what they do, they do to their own sandbox.
@Tag("slow")
@ExtendWith(SharedInstallation.class)
class HostileSandboxIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  /// They may leave nothing of their sandbox that can be asked to do anything but to end.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bomb() { bomb | bomb & }; bomb; wait",
        "exec python3 -c 'a = [b\"x\" * (64 << 20) for _ in range(100)]'",
        "rm -rf --no-preserve-root / 2>/dev/null",
        "kill -9 $PPID; kill -9 -1; kill -9 1",
        "exec yes 'there is no end of it'",
      })
  void whatACommandDestroysIsItsOwnSandboxAlone(String harm, Slipway slipway) {
    Sandboxes sandboxes = new Sandboxes(slipway.api());
    String hurt = sandboxes.create(Map.of());
    String other = sandboxes.create(Map.of());
    String kept =
        sandboxes.begin(
            other, "echo mine > file; echo begun; while [ ! -e go ]; do sleep 0.1; done; cat file");
    sandboxes.awaitOutput(kept, "begun");

    String harming = sandboxes.begin(hurt, Map.of("command", harm, "timeout_seconds", 20));
    var _ =
        await()
            .atMost(SOON)
            .until(() -> sandboxes.operation(harming).path("started_at"), at -> at.isString());

    assertThat(sandboxes.put(other, "go", "").status()).isEqualTo(200);
    assertThat(sandboxes.awaitEnd(kept).path("result").path("exit_code").asInt(-1)).isZero();
    assertThat(sandboxes.output(kept, "stdout")).isEqualTo("begun\nmine\n");
    String next = sandboxes.create(Map.of());
    assertThat(sandboxes.run(next, "echo fine")).isEqualTo("fine\n");
    assertThat(sandboxes.end(hurt).status()).isEqualTo(202);
    var _ = sandboxes.awaitEnd(harming);
    await()
        .atMost(SOON)
        .until(() -> sandboxes.get(hurt).path("state").asString(), "TERMINATED"::equals);
    assertThat(sandboxes.run(other, "ls")).isEqualTo("file\ngo\n");
    assertThat(sandboxes.end(other).status()).isEqualTo(202);
    assertThat(sandboxes.end(next).status()).isEqualTo(202);
  }

  @Test
  void noSandboxReachesAPortOfTheInstallationThisMachineOrAPrivateHost(
      Slipway slipway, @TempDir Path served) throws Exception {
    Assumptions.assumeTrue(
        PrivateHosts.arePermitted(),
        "network namespaces need root and iproute2: apt-get install iproute2");
    Sandboxes sandboxes = new Sandboxes(slipway.api());
    String sandbox = sandboxes.create(Map.of("network", "on"));
    try (var hosts = PrivateHosts.open("slipwayhosts", 8, served);
        var own = new ServerSocket(0, 50, InetAddress.getByName(hosts.gateway()))) {
      await().atMost(SOON).until(hosts::answer);
      List<String> targets = new ArrayList<>();
      IntStream.range(0, 7).forEach(n -> targets.add("127.0.0.1 " + (slipway.port() + n)));
      IntStream.range(0, 7).forEach(n -> targets.add(hosts.gateway() + " " + (slipway.port() + n)));
      targets.add(hosts.gateway() + " " + own.getLocalPort());
      targets.add(hosts.host() + " 80");
      targets.add(PrivateHosts.METADATA + " 80");
      for (String here : List.of("127.0.0.1 " + slipway.port(), targets.get(14), targets.get(15))) {
        String[] target = here.split(" ", -1);
        new Socket(target[0], Integer.parseInt(target[1])).close(); // this machine does reach it
      }

      String trying =
          sandboxes.begin(sandbox, Map.of("command", TRY, "stdin", String.join("\n", targets)));

      var _ = sandboxes.awaitEnd(trying);
      assertThat(sandboxes.output(trying, "stderr")).isEmpty();
      assertThat(sandboxes.output(trying, "stdout"))
          .isEqualTo("tried %d\n".formatted(targets.size() * 3));
      assertThat(sandboxes.end(sandbox).status()).isEqualTo(202);
    }
  }

  /// Connects to each host and port that it reads: itself, and through the proxy that it has, as a
  /// web client and as one that asks for a tunnel. Prints what it reached, and how many it tried.
  private static final String TRY =
      """
      exec python3 -c '
      import http.client, os, socket, sys, urllib.parse
      proxy = urllib.parse.urlsplit(os.environ["HTTP_PROXY"])
      tried = 0
      for line in sys.stdin:
          host, port = line.split()
          tried += 3
          try:
              socket.create_connection((host, int(port)), 2).close()
              print("reached", host, port)
          except OSError:
              pass
          for asked in ("GET", f"http://{host}:{port}/"), ("CONNECT", f"{host}:{port}"):
              connection = http.client.HTTPConnection(proxy.hostname, proxy.port, timeout=10)
              connection.request(*asked)
              status = connection.getresponse().status
              if status != 403:
                  print(status, *asked)
              connection.close()
      print("tried", tried)
      '
      """;
}
