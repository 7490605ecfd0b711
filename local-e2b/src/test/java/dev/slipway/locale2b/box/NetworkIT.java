package dev.slipway.locale2b.box;

import static dev.slipway.locale2b.box.TestBoxes.run;
import static dev.slipway.locale2b.box.TestBoxes.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.embedded.PrivateHosts;
import dev.slipway.locale2b.box.TestBoxes.Outcome;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Hosts at 10.231.7.2 and 169.254.169.254 in a network namespace of the test's own, which the host
/// reaches: what a box must not.
class NetworkIT {
  private static final String HOST = "10.231.7.2";
  private static final String METADATA = PrivateHosts.METADATA;

  @TempDir static Path directory;

  private static Boxes boxes;
  private static PrivateHosts hosts;
  private static ServerSocket loopback;

  @BeforeAll
  static void open() throws Exception {
    boxes =
        TestBoxes.open(
            directory.resolve("boxes"),
            new NetworkSettings(Set.of(80), List.of(HOST + "/32"), 8, Duration.ofMinutes(1)));
    Assumptions.assumeTrue(
        PrivateHosts.arePermitted(),
        "network namespaces need root and iproute2: apt-get install iproute2");
    hosts = PrivateHosts.open("slipwaybox", 7, directory);
    await().until(hosts::answer);
    loopback = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterAll
  static void close() throws Exception {
    if (boxes != null) {
      boxes.close();
    }
    if (hosts != null) {
      hosts.close();
      loopback.close();
    }
  }

  /// Connects without a proxy; prints how it went for each.
  private static String directly(int port) {
    return """
    for to in 127.0.0.1/%d %s/80 %s/80 10.231.7.1/80 1.1.1.1/80; do
      timeout 3 bash -c "exec 3<>/dev/tcp/$to" 2>/dev/null && echo "reached $to"
    done
    grep -c : /proc/net/dev
    """
        .formatted(port, HOST, METADATA);
  }

  private static String byProxy(String url) {
    return """
    python3 - <<'END'
    import urllib.request, urllib.error
    try:
        print(urllib.request.urlopen("%s", timeout=10).status)
    except urllib.error.HTTPError as error:
        print(error.code, error.read().decode(), end="")
    END
    """
        .formatted(url);
  }

  @Test
  void nothingLeavesABoxButByItsProxy() throws Exception {
    try (Box box = boxes.create(spec("direct", NetworkRules.on(), Limits.DEFAULT))) {
      for (BoxUser user : BoxUser.values()) {
        Outcome outcome = run(box, user, directly(loopback.getLocalPort()));

        assertThat(outcome.stdout()).isEqualTo("1\n");
      }
    }
  }

  @Test
  void theProxyReachesWhatASettingNamesAndNoOtherPrivateAddress() throws Exception {
    try (Box box = boxes.create(spec("proxied", NetworkRules.on(), Limits.DEFAULT))) {
      assertThat(run(box, byProxy("http://" + HOST + "/")).stdout()).isEqualTo("200\n");
      assertThat(run(box, byProxy("http://" + METADATA + "/")).stdout())
          .isEqualTo(
              "403 169.254.169.254 is not a public address, and sandboxes reach no others\n");
      assertThat(run(box, byProxy("http://10.231.7.1/")).stdout()).startsWith("403 10.231.7.1 is");
      assertThat(run(box, byProxy("http://localhost.:" + loopback.getLocalPort() + "/")).stdout())
          .startsWith("403 port");
    }
  }

  @Test
  void rulesChangeWhileABoxLives() throws Exception {
    try (Box box = boxes.create(spec("ruled", NetworkRules.off(), Limits.DEFAULT))) {
      assertThat(run(box, byProxy("http://" + HOST + "/")).stdout())
          .isEqualTo("403 10.231.7.2 is not among what this sandbox may reach\n");
      box.network(NetworkRules.only(List.of("10.231.0.0/16")));
      assertThat(run(box, byProxy("http://" + HOST + "/")).stdout()).isEqualTo("200\n");
      box.network(NetworkRules.off());
      assertThat(run(box, byProxy("http://" + HOST + "/")).stdout()).startsWith("403 ");
    }
  }

  @Test
  void whoKillsTheRelayHasItBack() throws Exception {
    try (Box box = boxes.create(spec("killer", NetworkRules.on(), Limits.DEFAULT))) {
      assertThat(run(box, BoxUser.ROOT, "pkill -9 -u user python3; echo $?").stdout())
          .isEqualTo("0\n");

      await()
          .untilAsserted(() ->
              assertThat(run(box, byProxy("http://" + HOST + "/")).stdout()).isEqualTo("200\n"));
    }
  }

  @Test
  void aLargeAnswerComesWhole() throws Exception {
    Files.write(directory.resolve("large"), new byte[20 << 20]);
    try (Box box = boxes.create(spec("large", NetworkRules.on(), Limits.DEFAULT))) {
      String script =
          "python3 -c 'import urllib.request; print(len(urllib.request.urlopen(\"http://%s/large\").read()))'"
              .formatted(HOST);

      assertThat(run(box, script).stdout()).isEqualTo((20 << 20) + "\n");
    }
  }
}
