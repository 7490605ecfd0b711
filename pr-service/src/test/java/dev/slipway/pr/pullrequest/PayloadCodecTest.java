package dev.slipway.pr.pullrequest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadCodecTest {
  private static final String PULL_REQUEST =
      """
      {"number":7,"state":"open","head":{"ref":"topic","sha":"aa"},"base":{"ref":"main","sha":"bb"},
       "updated_at":"2026-01-01T00:00:05Z"}
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "42",
        "[]",
        "\"text\"",
        "{\"pull_request\":[]}",
        "{\"pull_request\":{\"number\":\"7\"}}",
        "{\"pull_request\":{\"updated_at\":\"yesterday\"}}",
        "{\"pull_request\":{\"updated_at\":5}}",
        "{\"pull_request\":{\"updated_at\":\"5\"}}",
        "{\"number\":\"7\"}",
        "{\"repository\":{\"id\":\"42\"}}",
        "{\"repository\":\"acme/site\"}"
      })
  void whatIsOfAnotherTypeIsIncomplete(String json) {
    assertThat(PayloadCodec.webhook("pull_request", "opened", stream(json)))
        .isEqualTo(new Reading.Incomplete("wrong_type"));
  }

  @ParameterizedTest
  @CsvSource({
    "pull_request,                no_pull_request",
    "pull_request_review,         no_pull_request",
    "pull_request_review_comment, no_pull_request",
    "pull_request_review_thread,  no_pull_request",
    "issue_comment,               no_issue",
    "check_run,                   no_check_run",
    "status,                      no_status",
    "workflow_run,                no_workflow_run"
  })
  void whatItsKindMustHaveIsNamed(String event, String reason) {
    assertThat(PayloadCodec.webhook(event, "created", stream("{}")))
        .isEqualTo(new Reading.Incomplete(reason));
  }

  @ParameterizedTest
  @CsvSource({
    "opened,             open,   false, false",
    "opened,             closed, false, true",
    "closed,             open,   false, true",
    "closed,             closed, false, false",
    "reopened,           closed, false, true",
    "converted_to_draft, open,   false, true",
    "converted_to_draft, open,   true,  false",
    "ready_for_review,   open,   true,  true",
    "synchronize,        closed, true,  false"
  })
  void anActionThatCannotHaveLedToTheObjectContradictsIt(
      String action, String state, boolean draft, boolean contradicts) {
    String json = PULL_REQUEST.replace("\"open\"", "\"" + state + "\",\"draft\":" + draft);

    Reading reading =
        PayloadCodec.webhook("pull_request", action, stream("{\"pull_request\":" + json + "}"));

    assertThat(snapshot(reading).standing().contradictory()).isEqualTo(contradicts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775808", "-9223372036854775809", "99999999999999999999999"})
  void anIntegerBeyond64BitsCountsAsAbsent(String id) {
    String json = PULL_REQUEST.replace("{\"number\"", "{\"id\":" + id + ",\"number\"");

    Reading applied = webhook("{\"pull_request\":" + json + "}");

    assertThat(snapshot(applied).details().githubId()).isNull();
    assertThat(webhook("{\"pull_request\":" + PULL_REQUEST.replace("7", id) + "}"))
        .isEqualTo(new Reading.Incomplete("no_pull_request"));
  }

  @Test
  void textsAreCutInCharactersAndNeverThroughOne() {
    String json =
        PULL_REQUEST.replace(
            "\"state\"",
            "\"title\":\"a%s\",\"labels\":[{\"name\":\"a%s\"},{\"name\":\"%s\"}],\"state\""
                .formatted("😀".repeat(1_030), "😀".repeat(103), "b".repeat(100)));

    Details details = snapshot(webhook("{\"pull_request\":" + json + "}")).details();

    assertThat(details.title()).isEqualTo("a" + "😀".repeat(1_023));
    assertThat(details.labels()).containsExactly("a" + "😀".repeat(99), "b".repeat(100));
  }

  @Test
  void keysAreWholeAsLongAsAnIndexTakesThemAndDifferEvenThen() {
    String one = "名".repeat(5_000) + "1";
    String other = "名".repeat(5_000) + "2";

    assertThat(ValueCodec.key("x".repeat(1_024))).isEqualTo("x".repeat(1_024));
    assertThat(ValueCodec.key(one)).startsWith("名".repeat(200) + "…").hasSize(265);
    assertThat(ValueCodec.key(one)).isNotEqualTo(ValueCodec.key(other));
    assertThat(ValueCodec.key("a\0b")).isEqualTo("a\uFFFDb");
  }

  @Test
  void anAnswerOfTheApiNamesTheRepositoryThatWasAskedFor() {
    String json =
        PULL_REQUEST.replace(
            "\"sha\":\"bb\"",
            """
            "sha":"bb","repo":{"id":42,"full_name":"acme/site","html_url":"https://github.test/acme/site",
            "updated_at":"2026-01-01T00:00:04Z"}
            """);
    var named =
        new Fact.Named(
            new RepositoryName(
                "acme/site",
                "https://github.test/acme/site",
                Instant.parse("2026-01-01T00:00:04Z")));

    assertThat(facts(PayloadCodec.observed(stream(json), 42, null))).contains(named);
    assertThat(facts(PayloadCodec.observed(stream(json), 43, null))).hasSize(1);
    assertThat(facts(PayloadCodec.observed(stream(PULL_REQUEST), 42, null))).hasSize(1);
  }

  /// GitHub's times have a resolution of a second: a read of that second may miss the rest of it.
  @ParameterizedTest
  @CsvSource({
    "2026-01-01T00:00:06Z, 1970-01-01T00:00:00Z",
    "2026-01-01T00:00:07Z, 2026-01-01T00:00:07Z",
    "                    , 1970-01-01T00:00:00Z"
  })
  void aReadCountsAsLaterThanDeliveriesOnlyTwoSecondsAfterTheUpdate(
      @Nullable Instant date, Instant readAt) {
    assertThat(snapshot(PayloadCodec.observed(stream(PULL_REQUEST), 42, date)).key())
        .isEqualTo(new SnapshotKey(Instant.parse("2026-01-01T00:00:05Z"), readAt));
  }

  @Test
  void whatPostgresCannotHoldIsReplacedAndWhatNeverEndsIsCut() {
    assertThat(ValueCodec.text("a\0b")).isEqualTo("a\uFFFDb");
    assertThat(ValueCodec.text("a\uD800b")).isEqualTo("a?b");
    assertThat(ValueCodec.text("x".repeat(5_000))).hasSize(1_024);
    assertThat(ValueCodec.sha("no sha")).isNull();
    assertThat(ValueCodec.time(Instant.MAX)).isNull();
  }

  @Test
  void aRenameTellsTheFormerNameToo() {
    String json =
        """
        {"repository":{"full_name":"acme/shop","updated_at":"2026-01-01T00:00:05Z"},
         "changes":{"repository":{"name":{"from":"site"}}}}
        """;

    assertThat(PayloadCodec.webhook("repository", "renamed", stream(json)))
        .isEqualTo(
            new Reading.Facts(
                List.of(
                    new Fact.Named(
                        new RepositoryName(
                            "acme/shop", null, Instant.parse("2026-01-01T00:00:05Z"))),
                    new Fact.Named(new RepositoryName("acme/site", null, Instant.EPOCH)))));
  }

  private static Reading webhook(String json) {
    return PayloadCodec.webhook("pull_request", "opened", stream(json));
  }

  private static List<Fact> facts(Reading reading) {
    return ((Reading.Facts) reading).facts();
  }

  private static Snapshot snapshot(Reading reading) {
    return facts(reading).stream()
        .filter(Fact.Seen.class::isInstance)
        .map(fact -> ((Fact.Seen) fact).snapshot())
        .findFirst()
        .orElseThrow();
  }

  private static InputStream stream(String json) {
    return new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
  }
}
