package dev.slipway.standalone.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds on every path, shown with requests that no client library sends.
@Tag("slow")
@ExtendWith(SharedInstallation.class)
class HttpIT {
  private static final String ID = "0191d4a8-0000-7000-8000-000000000000";
  private static final String END = "\r\n\r\n";

  private static final List<String> PROBES = List.of("/health", "/healthz", "/readyz", "/metrics");

  /// Of the API, and whether they are there or not.
  static final List<String> API =
      List.of(
          "/api/v1/deliveries",
          "/api/v1/deliveries/" + ID,
          "/api/v1/pull-requests",
          "/api/v1/pull-requests/acme/site/1",
          "/api/v1/pull-requests/acme/site/1/timeline",
          "/api/v1/events",
          "/api/v1/admin/stages",
          "/api/v1/admin/dead-letters",
          "/api/v1/admin/dead-letters/" + ID,
          "/api/v1/admin/replays/" + ID);

  static final List<String> SERVED =
      Stream.of(List.of("/webhooks/github", "/docs", "/v3/api-docs"), PROBES, API)
          .flatMap(List::stream)
          .toList();

  static final List<String> ALL =
      Stream.concat(SERVED.stream(), Stream.of("/", "/nothing", "/api/v1/nothing")).toList();

  @ParameterizedTest
  @FieldSource("SERVED")
  void aWrongMethodIsToldTheRightOnes(String path, Slipway slipway) {
    try (RawConnection raw = new RawConnection(slipway.url())) {
      for (String method : List.of("PATCH", "BREW")) {
        raw.send(head(method + " " + path, slipway) + "Content-Length: 2" + END + "{}");

        Answer answer = raw.answer().isProblem(405, "method_not_allowed");
        assertThat(answer.header("allow").orElse(""))
            .contains(path.startsWith("/web") ? "POST" : "GET");
      }
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void whatIsMeantForAnotherHostIsRefusedButForProbes(String path, Slipway slipway) {
    List<String> foreign =
        List.of(
            "GET " + path + " HTTP/1.1\r\nHost: evil.example\r\n",
            "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\n",
            "GET http://evil.example" + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    try (RawConnection raw = new RawConnection(slipway.url())) {
      for (String head : foreign) {
        Answer answer = raw.send(head + token(slipway) + "\r\n").answer();

        if (PROBES.contains(path)) {
          answer.is(200);
        } else {
          Answer _ = answer.isProblem(400, "malformed");
        }
      }
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void whatProxiesCouldReadInTwoWaysIsRefused(String path, Slipway slipway) {
    String post = head("POST " + path, slipway);

    refuse(slipway, post + token(slipway) + "Content-Length: 0" + END, 400, "malformed");
    refuse(
        slipway,
        post + "Content-Length: 4\r\nTransfer-Encoding: chunked" + END + "0" + END,
        400,
        "malformed");
    refuse(
        slipway,
        post + "Transfer-Encoding: gzip, chunked" + END + "0" + END,
        501,
        "not_implemented");
    refuse(slipway, post + "Transfer-Encoding: gzip" + END, 501, "not_implemented");
    refuse(slipway, post + "Content-Length: -1" + END, 400, "malformed");
    refuse(slipway, post + "X: " + "x".repeat(20_000) + END, 400, "malformed");
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void whoWaitsForLeaveToSendGetsItBeforeARefusalAndTheConnectionLives(
      String path, Slipway slipway) {
    String post =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: 2";
    try (RawConnection raw = new RawConnection(slipway.url())) {
      for (int i = 0; i < 2; i++) {
        raw.send(post + END).answer().is(100);

        Answer answer = raw.send("{}").answer();

        Answer _ = answer.isProblem(answer.status(), answer.json().path("code").asString());
        assertThat(answer.status()).isBetween(400, 415);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void http10GetsNoChunksAndTheEndOfTheConnection(String path, Slipway slipway) {
    // the stream would last for an hour: without its token, and without one for it
    String get = "GET " + path + " HTTP/1.0\r\n" + (path.contains("events") ? "" : token(slipway));
    try (RawConnection raw = new RawConnection(slipway.url())) {
      String answer = raw.send(get + "\r\n").rest();

      assertThat(answer).startsWith("HTTP/1.").doesNotContainIgnoringCase("transfer-encoding");
    }
  }

  @ParameterizedTest
  @FieldSource("API")
  void aParameterThatNobodyReadsIsNamed(String path, Slipway slipway) {
    Answer answer = slipway.api().get(path + "?repo=a").isProblem(422, "invalid");

    assertThat(answer.json().path("errors").path(0).path("field").asString()).isEqualTo("repo");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "deliveries/1-1-1-1-1",
        "deliveries/0191d4a800007000800000000000",
        "admin/replays/1-1-1-1-1",
        "admin/dead-letters/x",
        "pull-requests/acme/site/0",
        "pull-requests/acme/site/010",
        "pull-requests/acme/site/+10",
        "pull-requests/acme/site/0xA",
        "pull-requests/acme/site/-1",
        "pull-requests/acme/site/%D9%A1",
        "pull-requests/acme/site/1000000000000000000",
        "pull-requests/acme/site/0xA/timeline"
      })
  void anIdOrNumberThatIsWrittenOtherwiseIsMalformed(String path, Slipway slipway) {
    Answer _ = slipway.api().get("/api/v1/" + path).isProblem(400, "malformed");
  }

  @Test
  void nobodyWhoReachesAPortFillsTheLogs(Slipway slipway) {
    List<String> words =
        List.of(
            head("POST /webhooks/github", slipway)
                + "Transfer-Encoding: chunked"
                + END
                + "ZZ"
                + END,
            head("POST /api/v1/admin/replays", slipway)
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked"
                + END
                + "1\r\n{\r\nZZ"
                + END,
            "GET / HTTP/1.1" + END,
            "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\n\n",
            "\0\0\0\u0010\0\u0099\0\0\0\0\0\u0001\0\u0002ab\0\0\0\0",
            "\u00ff".repeat(64));
    Path log = slipway.data().resolve("logs/slipway.log");
    long before = log.toFile().length();
    int sent = 0;
    for (URI port : ports(slipway)) {
      for (String word : words) {
        for (int i = 0; i < 20; i++) {
          try (RawConnection raw = new RawConnection(port)) {
            RawConnection _ = raw.send(word).resettingAtTheEnd(i % 2 == 0);
            sent++;
          }
        }
      }
    }
    // whatever it was is over: they answer
    assertThat(slipway.log().size(Log.DELIVERIES)).isNotNegative();
    Answer _ = slipway.api().get("/api/v1/deliveries").is(200);

    String written = from(log, before);
    assertThat(written).doesNotContain("stack_trace", "\\tat ");
    assertThat(written.lines()).as(written).hasSizeLessThan(sent / 20);
  }

  /// Of the main process: HTTP's and Kafka's.
  private static List<URI> ports(Slipway slipway) {
    return Stream.of("slipway", "kafka", "controller")
        .map(name -> slipway.endpoints().path(name).asString())
        .map(url -> URI.create(url.contains("://") ? url : "tcp://" + url))
        .toList();
  }

  private static String from(Path log, long offset) {
    try (InputStream in = Files.newInputStream(log)) {
      in.skipNBytes(offset);
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void refuse(Slipway slipway, String request, int status, String code) {
    try (RawConnection raw = new RawConnection(slipway.url())) {
      Answer _ = raw.send(request).answer().isProblem(status, code);
    } catch (UncheckedIOException e) {
      throw new AssertionError("no answer to " + request.lines().findFirst().orElse(""), e);
    }
  }

  private static String head(String line, Slipway slipway) {
    return line + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + token(slipway);
  }

  private static String token(Slipway slipway) {
    return "Authorization: Bearer " + slipway.token() + "\r\n";
  }
}
