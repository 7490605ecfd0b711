package dev.slipway.ingress.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.strings;

import dev.slipway.schemas.MalformedBodyException;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quicktheories.core.Gen;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class PayloadReaderTest {
  private static final Payload NOTHING =
      new Payload(null, null, null, null, null, null, null, List.of());

  @Test
  void allFieldsAreFoundWhereGitHubPutsThem() {
    Payload payload =
        json(
            """
            {"action":"opened","number":7,"pull_request":{"number":8},"issue":{"number":9},
             "repository":{"id":1,"full_name":"acme/site","owner":{"login":"acme"}},
             "organization":{"id":2,"login":"acme-org"},
             "installation":{"id":3,"account":{"login":"acme-app"}},
             "sender":{"login":"octocat"}}
            """);

    assertThat(payload)
        .isEqualTo(
            new Payload(
                "opened",
                7L,
                1L,
                "acme/site",
                2L,
                3L,
                "octocat",
                List.of("acme", "acme-org", "acme-app")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"pull_request":{"number":8},"issue":{"number":9}} | 8
          {"issue":{"number":9}} | 9
          {"number":"7","issue":{"number":9}} | 9
          {"number":9223372036854775807} | 9223372036854775807
          """)
  void theNumberIsThePullRequestsElseTheIssues(String body, long number) {
    assertThat(json(body).number()).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "1",
        "null",
        "\"text\"",
        "[{\"action\":\"opened\"}]",
        "{\"action\":1,\"number\":\"7\",\"repository\":[],\"organization\":\"x\",\"sender\":null}",
        "{\"number\":7.0}",
        "{\"number\":1e3}",
        "{\"number\":9223372036854775808}",
        "{\"number\":-9223372036854775809}",
        "{\"number\":true}",
        "{\"repository\":{\"id\":{},\"full_name\":[[[1]]],\"owner\":7}}",
        "{\"x\":{\"repository\":{\"id\":1}}}",
        "{\"installation\":{\"account\":{\"login\":{}}}}"
      })
  void wellFormedJsonWithoutWhatWeWantGivesNulls(String body) {
    assertThat(json(body)).isEqualTo(NOTHING);
  }

  @Test
  void anIntegerOfAMillionDigitsIsWellFormedAndTooLargeForUs() {
    assertThat(json("{\"number\":" + "9".repeat(1_000_000) + "}")).isEqualTo(NOTHING);
  }

  @Test
  void theLastOfEqualNamesWinsWithAllItsParts() {
    assertThat(json("{\"action\":\"a\",\"action\":\"b\"}").action()).isEqualTo("b");
    assertThat(json("{\"action\":\"a\",\"action\":1}").action()).isNull();
    assertThat(json("{\"repository\":{\"id\":1,\"full_name\":\"a/b\"},\"repository\":{\"id\":2}}"))
        .isEqualTo(new Payload(null, null, 2L, null, null, null, null, List.of()));
    assertThat(json("{\"repository\":{\"owner\":{\"login\":\"a\"}},\"repository\":null}"))
        .isEqualTo(NOTHING);
    assertThat(json("{\"repository\":{\"owner\":{\"login\":\"a\"},\"owner\":{}}}"))
        .isEqualTo(NOTHING);
  }

  @Test
  void everyOwnerThatTheBodyNamesIsListed() {
    assertThat(
            json("{\"repository\":{\"full_name\":\"a/x\",\"owner\":{\"login\":\"b\"}}}").owners())
        .containsExactly("b", "a");
    assertThat(json("{\"repository\":{\"full_name\":\"none\"}}").owners()).isEmpty();
    assertThat(json("{\"repository\":{\"full_name\":\"/x\"}}").owners()).containsExactly("");
  }

  @Test
  void nulAndLoneSurrogatesBecomeReplacementCharacters() {
    assertThat(json("{\"action\":\"a\\u0000b\\ud800c\\udc00d\\ud83d\\ude00\"}").action())
        .isEqualTo("a\uFFFDb\uFFFDc\uFFFDd😀");
  }

  @Test
  void aTextOfManyCharactersIsCut() {
    assertThat(json("{\"action\":\"" + "é".repeat(100_000) + "\"}").action())
        .isEqualTo("é".repeat(512));
    assertThat(json("{\"action\":\"a" + "😀".repeat(600) + "\"}").action())
        .isEqualTo("a" + "😀".repeat(511));
  }

  @Test
  void namesMayBeEscapedAndLong() {
    assertThat(json("{\"\\u0061ction\":\"x\"}").action()).isEqualTo("x");
    assertThat(json("{\"" + "n".repeat(3_000_000) + "\":1,\"action\":\"x\"}").action())
        .isEqualTo("x");
  }

  @Test
  void nestingIsBoundedFarBeyondAnythingReal() {
    assertThat(json("[".repeat(9_999) + "]".repeat(9_999))).isEqualTo(NOTHING);
    assertMalformed("[".repeat(10_001) + "]".repeat(10_001));
  }

  @Test
  void aBodyOf25MebibytesOfManyShapesIsRead() {
    var out = new ByteArrayOutputStream(26 * 1024 * 1024);
    out.writeBytes("{\"commits\":[".getBytes(UTF_8));
    for (int i = 0; out.size() < 24 * 1024 * 1024; i++) {
      out.writeBytes(
          ("{\"id\":" + i + ",\"k" + i + "\":[1.5,true,null,\"é😀\\n\"]},").getBytes(UTF_8));
    }
    out.writeBytes("0],\"action\":\"x\"}".getBytes(UTF_8));

    assertThat(PayloadReader.read(BodyKind.JSON, out.toByteArray()).action()).isEqualTo("x");
  }

  @Test
  void aFormGivesWhatItsJsonGives() {
    qt().forAll(texts())
        .checkAssert(text -> {
          String body = JsonMapper.shared().writeValueAsString(java.util.Map.of("action", text));
          String form = "payload=" + URLEncoder.encode(body, UTF_8);

          assertThat(PayloadReader.read(BodyKind.FORM, form.getBytes(UTF_8))).isEqualTo(json(body));
        });
  }

  @Test
  void aFormMayHaveOtherFields() {
    String form = "a=1&payload=%7B%22action%22%3A%22x%22%7D&b";

    assertThat(PayloadReader.read(BodyKind.FORM, form.getBytes(UTF_8)).action()).isEqualTo("x");
  }

  /// Without lone surrogates, which no UTF-8 can carry.
  private static Gen<String> texts() {
    return strings()
        .allPossible()
        .ofLengthBetween(0, 60)
        .map(text -> new String(text.getBytes(UTF_8), UTF_8));
  }

  private static Payload json(String body) {
    return PayloadReader.read(BodyKind.JSON, body.getBytes(UTF_8));
  }

  private static void assertMalformed(String body) {
    assertThatExceptionOfType(MalformedBodyException.class).isThrownBy(() -> json(body));
  }
}
