package dev.slipway.ingress.delivery;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalIT {
  private static final String BODY = "{\"zen\":\"Keep it logically awesome.\"}";
  private static final int MIB = 1024 * 1024;

  private TestIngress ingress;

  @BeforeAll
  void start() {
    ingress = TestIngress.start("--slipway.webhook.read-timeout=3s");
  }

  @AfterAll
  void stop() {
    ingress.close();
  }

  static Stream<Arguments> tamperings() {
    String right = Post.sign(TestIngress.SECRET, bytes(BODY));
    return Stream.of(
        Arguments.of("no header", null, "401 missing_signature"),
        Arguments.of("wrong secret", Post.sign("wrong", bytes(BODY)), "401 invalid_signature"),
        Arguments.of("no prefix", right.substring(7), "401 invalid_signature"),
        Arguments.of("truncated", right.substring(0, 70), "401 invalid_signature"),
        Arguments.of("longer", right + "0", "401 invalid_signature"),
        Arguments.of("no hex", right.substring(0, 70) + "g", "401 invalid_signature"),
        Arguments.of("prefix alone", "sha256=", "401 invalid_signature"),
        Arguments.of("other prefix", right.replace("sha256", "sha1"), "401 invalid_signature"),
        Arguments.of("empty", "", "401 invalid_signature"),
        Arguments.of(
            "of another body",
            Post.sign(TestIngress.SECRET, bytes("{}")),
            "401 invalid_signature"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tamperings")
  void aTamperedSignatureIsRefused(String name, @Nullable String signature, String expected) {
    Post post = Post.json(BODY).with("X-Hub-Signature-256", signature);

    assertThat(post.to(ingress.url).problem()).as(name).isEqualTo(expected);
  }

  @Test
  void aSha1SignatureAloneIsNoSignature() {
    Post post =
        Post.json(BODY)
            .with("X-Hub-Signature-256", null)
            .with("X-Hub-Signature", "sha1=" + "0".repeat(40));

    assertThat(post.to(ingress.url).problem()).isEqualTo("401 missing_signature");
  }

  @Test
  void aBodyWithOneByteChangedIsRefused() {
    byte[] changed = bytes(BODY);
    changed[10] ^= 1;
    Post post =
        Post.bytes(changed).with("X-Hub-Signature-256", Post.sign(TestIngress.SECRET, bytes(BODY)));

    assertThat(post.to(ingress.url).problem()).isEqualTo("401 invalid_signature");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"a\":1",
        "{\"a\":1}}",
        "{} {}",
        "[1,]",
        "{'a':1}",
        "NaN",
        "nul",
        "{\"a\":\"\t\"}",
        "\"\\x\"",
        "01",
        "{\"a\":01}",
        "/**/{}",
        "{\"a\" 1}",
        "\uFEFF{}",
        "\0",
        "{}\0"
      })
  void malformedJsonWithARightSignatureIs400(String body) {
    assertThat(Post.json(body).to(ingress.url).problem()).isEqualTo("400 malformed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "payload",
        "payload=",
        "payload=%7B",
        "payload=%7",
        "payload=%zz",
        "x=%7B%7D",
        "payload={}&payload={}",
        "Payload={}"
      })
  void aFormWithoutOnePayloadOfJsonIs400(String body) {
    assertThat(Post.json(body).form().to(ingress.url).problem()).isEqualTo("400 malformed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"c3", "eda080", "edbfbf", "c080", "c1bf", "e08080", "f0808080", "f4908080", "ff"})
  void bytesThatAreNoUtf8Are400WhereverTheyStand(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    String escaped = HexFormat.of().withPrefix("%").formatHex(bytes);

    for (String around :
        List.of("\"#\"", "{\"action\":\"#\"}", "{\"#\":1}", "{\"a\":{\"b\":[\"#\"]}}")) {
      byte[] json = around.replace("#", new String(bytes, ISO_8859_1)).getBytes(ISO_8859_1);
      assertThat(Post.bytes(json).to(ingress.url).problem()).isEqualTo("400 malformed");

      String form = "payload=" + URLEncoder.encode(around, UTF_8).replace("%23", escaped);
      assertThat(Post.json(form).form().to(ingress.url).problem()).isEqualTo("400 malformed");
    }
  }

  @Test
  void everyCharacterOfUnicodeIsTakenAsJsonAndAsForm() {
    String json = "{\"action\":\"ü€😀\uD7FF\uE000\uFFFF" + Character.toString(0x10ffff) + "\"}";

    assertThat(Post.json(json).to(ingress.url).status()).isEqualTo(202);
    assertThat(
            Post.json("payload=" + URLEncoder.encode(json, UTF_8)).form().to(ingress.url).status())
        .isEqualTo(202);
  }

  @Test
  void utf16IsNoJson() {
    byte[] body = "{}".getBytes(StandardCharsets.UTF_16LE);

    assertThat(Post.bytes(body).to(ingress.url).problem()).isEqualTo("400 malformed");
  }

  static Stream<Arguments> headers() {
    return Stream.of(
        Arguments.of("X-GitHub-Event", null),
        Arguments.of("X-GitHub-Event", ""),
        Arguments.of("X-GitHub-Event", "a b"),
        Arguments.of("X-GitHub-Delivery", null),
        Arguments.of("X-GitHub-Delivery", ""),
        Arguments.of("X-GitHub-Delivery", "a b"),
        Arguments.of("X-GitHub-Delivery", "x".repeat(129)));
  }

  @ParameterizedTest
  @MethodSource("headers")
  void aMissingOrMalformedHeaderOfARightlySignedBodyIs400(String header, @Nullable String value) {
    assertThat(Post.json(BODY).with(header, value).to(ingress.url).problem())
        .isEqualTo("400 malformed");
  }

  @Test
  void nothingButEventDeliverySignatureAndTypeIsRequired() {
    Post post =
        Post.json(BODY)
            .with("X-GitHub-Hook-ID", null)
            .with("User-Agent", null)
            .with("X-GitHub-Delivery", "x".repeat(128));

    assertThat(post.to(ingress.url).status()).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/xml", "application/jsonp", "nonsense", "*/*"})
  void anotherContentTypeIs415(String type) {
    assertThat(Post.json(BODY).with("Content-Type", type).to(ingress.url).problem())
        .isEqualTo("415 unsupported_media_type");
  }

  @Test
  void noContentTypeIs415() {
    assertThat(Post.json(BODY).with("Content-Type", null).to(ingress.url).problem())
        .isEqualTo("415 unsupported_media_type");
  }

  @Test
  void anEncodedBodyIs415AndIdentityIsNoEncoding() {
    assertThat(Post.json(BODY).with("Content-Encoding", "gzip").to(ingress.url).problem())
        .isEqualTo("415 unsupported_media_type");
    assertThat(Post.json(BODY).with("Content-Encoding", "identity").to(ingress.url).status())
        .isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json; charset=utf-8", "APPLICATION/JSON"})
  void parametersAndCaseOfTheContentTypeDoNotMatter(String type) {
    assertThat(Post.json(BODY).with("Content-Type", type).to(ingress.url).status()).isEqualTo(202);
  }

  @Test
  void theEarlierReasonIsTheAnswer() {
    try (var raw = new RawConnection(ingress.url)) {
      // length before type before signature
      raw.head("Content-Length: " + 37 * MIB, "Content-Type: text/plain");
      raw.send(new byte[MIB + 1]);
      assertThat(raw.answer()).startsWith("HTTP/1.1 413").contains("\"too_large\"");
    }
    assertThat(
            Post.json(BODY)
                .with("Content-Type", "text/plain")
                .with("X-Hub-Signature-256", null)
                .to(ingress.url)
                .problem())
        .isEqualTo("415 unsupported_media_type");
    // signature before headers before JSON
    Post wrong = Post.json("{").signedWith("wrong").with("X-GitHub-Event", null);
    assertThat(wrong.to(ingress.url).problem()).isEqualTo("401 invalid_signature");
    Post unsigned = Post.json("{").with("X-Hub-Signature-256", null);
    assertThat(unsigned.to(ingress.url).problem()).isEqualTo("401 missing_signature");
  }

  @Test
  void aDeclaredLengthAboveTheLimitOfItsTypeIs413() {
    try (var raw = new RawConnection(ingress.url)) {
      raw.head("Content-Length: " + (25 * MIB + 1), "Content-Type: application/json");
      raw.send(new byte[MIB + 1]);

      assertThat(raw.answer()).startsWith("HTTP/1.1 413").containsIgnoringCase("connection: close");
      assertThat(raw.closed()).isTrue();
    }
  }

  @Test
  void aBodyThatGrowsAboveTheLimitIs413() {
    byte[] body = new byte[25 * MIB + 1000];
    Arrays.fill(body, (byte) ' ');

    assertThat(Post.bytes(body).chunked().to(ingress.url).problem()).isEqualTo("413 too_large");
  }

  @Test
  void anUnsignedBodyUpToAMebibyteIsDroppedAndTheConnectionLives() {
    try (var raw = new RawConnection(ingress.url)) {
      for (int i = 0; i < 2; i++) {
        raw.head("Content-Length: " + MIB, "Content-Type: application/json");
        raw.send(new byte[MIB]);

        assertThat(raw.answer()).startsWith("HTTP/1.1 401").contains("missing_signature");
      }
    }
  }

  @Test
  void aWronglySignedBodyIsReadAndTheConnectionLives() {
    String signature = Post.sign("wrong", bytes(BODY));
    try (var raw = new RawConnection(ingress.url)) {
      for (int i = 0; i < 2; i++) {
        raw.head(
            "Content-Length: " + BODY.length(),
            "Content-Type: application/json",
            "X-Hub-Signature-256: " + signature);
        raw.send(bytes(BODY));

        assertThat(raw.answer()).startsWith("HTTP/1.1 401").contains("invalid_signature");
      }
    }
  }

  @Tag("slow")
  @Test
  void anUnsignedBodyThatNeverComesIsAnsweredAllTheSame() {
    try (var raw = new RawConnection(ingress.url)) {
      raw.head("Content-Length: 1000", "Content-Type: application/json");

      assertThat(raw.answer()).startsWith("HTTP/1.1 401").contains("missing_signature");
      assertThat(raw.closed()).isTrue();
    }
  }

  @Test
  void aSenderThatWaitsForLeaveGetsItAndIsRefusedOnAConnectionThatLives() {
    try (var raw = new RawConnection(ingress.url)) {
      for (int i = 0; i < 2; i++) {
        raw.head("Content-Length: 1000", "Content-Type: application/json", "Expect: 100-continue");
        assertThat(raw.answer()).startsWith("HTTP/1.1 100 ");
        raw.send(new byte[1000]);

        assertThat(raw.answer()).startsWith("HTTP/1.1 401").contains("missing_signature");
      }
    }
  }

  @Test
  void aSenderThatWaitsForLeaveToSendMoreThanWouldBeDroppedIsRefusedAtOnce() {
    try (var raw = new RawConnection(ingress.url)) {
      raw.head(
          "Content-Length: " + (MIB + 1), "Content-Type: application/json", "Expect: 100-continue");

      assertThat(raw.answer()).startsWith("HTTP/1.1 401").containsIgnoringCase("connection: close");
      assertThat(raw.closed()).isTrue();
    }
  }

  @Test
  void brokenChunksAreMalformedAndEndTheConnection() {
    for (String signature : List.of("X: y", "X-Hub-Signature-256: sha256=" + "0".repeat(64))) {
      try (var raw = new RawConnection(ingress.url)) {
        raw.head("Transfer-Encoding: chunked", "Content-Type: application/json", signature);
        raw.send(bytes("2\r\n{}\r\nZZ\r\n"));

        assertThat(raw.answer()).startsWith("HTTP/1.1 400").contains("\"malformed\"");
        assertThat(raw.closed()).isTrue();
      }
    }
  }

  static Stream<Arguments> doubles() {
    return Stream.of(
        Arguments.of("X-GitHub-Event: ping", "400", "malformed"),
        Arguments.of("X-GitHub-Delivery: b", "400", "malformed"),
        Arguments.of("Content-Type: application/json", "415", "unsupported_media_type"),
        Arguments.of(
            "X-Hub-Signature-256: " + Post.sign(TestIngress.SECRET, bytes(BODY)),
            "401",
            "invalid_signature"));
  }

  @ParameterizedTest
  @MethodSource("doubles")
  void aRequiredHeaderThatIsThereTwiceIsRefused(String again, String status, String code) {
    try (var raw = new RawConnection(ingress.url)) {
      raw.head(
          "Content-Length: " + BODY.length(),
          "Content-Type: application/json",
          "X-Hub-Signature-256: " + Post.sign(TestIngress.SECRET, bytes(BODY)),
          "X-GitHub-Event: ping",
          "X-GitHub-Delivery: a",
          again);
      raw.send(bytes(BODY));

      assertThat(raw.answer()).startsWith("HTTP/1.1 " + status).contains("\"" + code + "\"");
    }
  }

  @Test
  void theQueryOfTheAddressIsIgnored() {
    assertThat(Post.json(BODY).to(URI.create(ingress.url + "/webhooks/github?team=a&x")).status())
        .isEqualTo(202);
  }

  @Tag("slow")
  @Test
  void aBodyThatTricklesIsCutWithin5Seconds() {
    try (var raw = new RawConnection(ingress.url)) {
      raw.head(
          "Content-Length: 1000",
          "Content-Type: application/json",
          "X-Hub-Signature-256: sha256=" + "0".repeat(64));
      raw.send(new byte[10]);

      assertThat(raw.answer()).startsWith("HTTP/1.1 400").contains("did not arrive in time");
      assertThat(raw.closed()).isTrue();
    }
  }

  @Test
  void anotherMethodIs405() {
    try (var raw = new RawConnection(ingress.url)) {
      raw.send(bytes("GET /webhooks/github HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));

      assertThat(raw.answer())
          .startsWith("HTTP/1.1 405")
          .containsIgnoringCase("\r\nAllow: POST\r\n")
          .contains("method_not_allowed");
    }
  }

  @Test
  void textThatLooksLikeAnAttackIsData() {
    String sql = "'; DROP TABLE sandboxes; --";
    String body =
        "{\"repository\":{\"id\":1,\"full_name\":\""
            + sql
            + "\"},\"action\":\"<script>alert(1)</script>\"}";
    String form = "payload=" + URLEncoder.encode(body, StandardCharsets.UTF_8);

    assertThat(Post.json(body).to(ingress.url).status()).isEqualTo(202);
    assertThat(Post.json(form).form().to(ingress.url).status()).isEqualTo(202);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
