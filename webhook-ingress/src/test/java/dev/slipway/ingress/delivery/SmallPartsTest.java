package dev.slipway.ingress.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

class SmallPartsTest {
  private final AtomicLong nanos = new AtomicLong();

  @Test
  void aSourceIsOverItsLimitForTheRestOfTheMinuteOnly() {
    var bad = new BadSignatures(3, nanos::get);
    InetAddress one = InetAddress.ofLiteral("192.0.2.1");
    for (int i = 0; i < 3; i++) {
      assertThat(bad.count(one)).isFalse();
    }

    assertThat(bad.count(one)).isTrue();
    assertThat(bad.count(InetAddress.ofLiteral("192.0.2.2"))).isFalse();
    assertThat(bad.count(null)).isFalse();
    nanos.addAndGet(Duration.ofSeconds(61).toNanos());
    assertThat(bad.count(one)).isFalse();
  }

  @Test
  void addressesOfOneIpv6NetworkAreOneSource() {
    var bad = new BadSignatures(1, nanos::get);

    assertThat(bad.count(InetAddress.ofLiteral("2001:db8::1"))).isFalse();
    assertThat(bad.count(InetAddress.ofLiteral("2001:db8::2"))).isTrue();
    assertThat(bad.count(InetAddress.ofLiteral("2001:db8:0:1::2"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "0, '', 198.51.100.9",
    "0, 203.0.113.1, 198.51.100.9",
    "1, 203.0.113.1, 203.0.113.1",
    "1, '6.6.6.6, 203.0.113.1', 203.0.113.1",
    "2, '6.6.6.6, 203.0.113.1, 10.0.0.1', 203.0.113.1",
    "1, 2001:db8::7, 2001:db8::7",
    "2, 203.0.113.1, ",
    "1, '', ",
    "1, unknown, ",
    "1, example.com, "
  })
  void onlyTrustedProxiesAreBelieved(int hops, String forwarded, @Nullable String expected) {
    HttpHeaders headers = new HttpHeaders();
    headers.add("X-Forwarded-For", forwarded);

    assertThat(new Sources(hops).of(headers, InetAddress.ofLiteral("198.51.100.9")))
        .isEqualTo(expected == null ? null : InetAddress.ofLiteral(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "192.30.252.0/22, 192.30.255.255, true",
    "192.30.252.0/22, 192.31.0.0, false",
    "192.30.252.0/22, 192.30.251.255, false",
    "2a0a:a440::/29, 2a0a:a447:ffff::1, true",
    "2a0a:a440::/29, 2a0a:a448::, false",
    "10.0.0.1, 10.0.0.1, true",
    "10.0.0.1, 10.0.0.2, false",
    "0.0.0.0/0, 8.8.8.8, true",
    "0.0.0.0/0, ::1, false",
    "::ffff:10.0.0.0/104, 10.1.2.3, false"
  })
  void anAddressIsInANetworkOrNot(String network, String address, boolean inside) {
    assertThat(
            Network.parse(network)
                .map(n -> n.contains(InetAddress.ofLiteral(address)))
                .orElse(false))
        .isEqualTo(inside);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "x/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "a.example"})
  void whatIsNoNetworkIsNone(String text) {
    assertThat(Network.parse(text)).isEmpty();
  }

  @Test
  void somethingIsReachableUntilItWasSilentForTooLong() {
    var kafka = new Reachability(Duration.ofSeconds(5), nanos::get);
    assertThat(kafka.reachable()).isFalse();

    kafka.answered();
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    assertThat(kafka.reachable()).isTrue();
    nanos.addAndGet(1);
    assertThat(kafka.reachable()).isFalse();
    kafka.answered();
    assertThat(kafka.reachable()).isTrue();
  }
}
