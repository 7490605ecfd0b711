package dev.slipway.pr.pullrequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.strings;

import dev.slipway.pipeline.avro.AvroRuntime;
import dev.slipway.pipeline.error.PermanentException;
import dev.slipway.pipeline.live.PublicEvent;
import dev.slipway.schemas.Topics;
import dev.slipway.schemas.pullrequest.PullRequest;
import dev.slipway.schemas.pullrequest.PullRequestEvent;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PullRequestNotificationCodecTest {
  @Test
  void everyKeyOfTheContractIsThereOnOneLine() {
    PublicEvent event = merged("Fix it");

    assertThat(text(event))
        .isEqualTo(
            """
            {"id":"00000000-0000-7000-8000-000000000003","type":"pull_request.merged",\
            "time":"2026-01-02T03:04:05.678Z","sequence":3,\
            "context":{"tenant":"acme","user_id":"alice","task_id":"t 1","execution_id":"e1","squad_id":"s1",\
            "agent_id":"a1","session_id":"c1","sandbox_id":"b1"},\
            "data":{"repository":{"id":1001,"full_name":"Acme/Site","url":"https://github.com/Acme/Site"},\
            "number":7,"url":"https://github.com/Acme/Site/pull/7","title":"Fix it","state":"MERGED","draft":false,\
            "head":{"ref":"fix","sha":"1111111111111111111111111111111111111111","repository_id":1002},\
            "base":{"ref":"main","sha":"2222222222222222222222222222222222222222"},"actor":"octocat",\
            "review_decision":"APPROVED",\
            "checks":{"state":"SUCCESS","total":3,"succeeded":3,"failed":0,"pending":0},\
            "merge_commit_sha":"3333333333333333333333333333333333333333","task_id":"t 1",\
            "delivery_id":"72d3162e-cc78-11e3-81ab-4c9367dc0958"}}\
            """);
  }

  @Test
  void whatIsNotKnownIsNull() {
    PublicEvent event =
        PullRequestNotificationCodec.render(
            TestEvents.envelope(1, "pull_request.approved"),
            TestEvents.bare(TestEvents.context("acme")));

    assertThat(text(event))
        .contains(
            """
            "context":{"tenant":"acme","user_id":null,"task_id":null,"execution_id":null,"squad_id":null,\
            "agent_id":null,"session_id":null,"sandbox_id":null}\
            """,
            "\"url\":null},\"number\":7,\"url\":null,\"title\":null,\"state\":\"OPEN\"",
            "\"head\":null,\"base\":null,\"actor\":null",
            "\"merge_commit_sha\":null,\"task_id\":null,\"delivery_id\":null}}");
  }

  @Test
  void anEventOfARepositoryWhoseNameNobodyToldKeepsItsType() {
    AvroRuntime.prepare(); // a builder copies what it is given
    var named = TestEvents.bare(TestEvents.fullContext());
    var nameless =
        PullRequestEvent.newBuilder(named)
            .setPullRequest(
                PullRequest.newBuilder(named.getPullRequest()).setRepositoryFullName(null).build())
            .build();

    PublicEvent event =
        PullRequestNotificationCodec.render(
            TestEvents.envelope(1, "pull_request.opened"), nameless);

    assertThat(event.type()).isEqualTo("pull_request.opened");
    assertThat(text(event)).contains("\"repository\":{\"id\":1001,\"full_name\":null,");
    assertThat(event.topics()).startsWith("/t/acme/tasks/t%201").hasSize(6);
  }

  @Test
  void itIsPublishedOnTheTopicsOfWhatItIsAboutAndBelongsTo() {
    assertThat(merged("Fix it").topics())
        .containsExactly(
            "/t/acme/repositories/acme/site",
            "/t/acme/pull-requests/acme/site/7",
            "/t/acme/tasks/t%201",
            "/t/acme/executions/e1",
            "/t/acme/squads/s1",
            "/t/acme/agents/a1",
            "/t/acme/sandboxes/b1",
            "/t/acme/sessions/c1");
  }

  @Test
  void anyTitleComesBackAsItWasAndOnOneLine() {
    qt().forAll(strings().allPossible().ofLengthBetween(0, 30))
        .checkAssert(any -> {
          // half a surrogate pair is no text
          String title = new String(any.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);

          String json = text(merged(title));
          JsonNode read = JsonMapper.shared().readTree(json);

          assertThat(json).doesNotContain("\n", "\r");
          assertThat(read.get("data").get("title").asString()).isEqualTo(title);
        });
  }

  @Test
  void aTypeOfALaterBuildIsNotRendered() {
    Deserializer<PullRequestEvent> never =
        (_, _) -> {
          throw new IllegalStateException("not asked");
        };

    assertThatExceptionOfType(PermanentException.class)
        .isThrownBy(() ->
            new PullRequestNotificationCodec(never)
                .render(
                    Topics.PULL_REQUEST_EVENTS.name(),
                    "acme",
                    TestEvents.envelope(1, "pull_request.locked"),
                    new byte[0]));
  }

  @Test
  void aRecordOfAnotherTopicIsNoneOfThePublics() {
    Deserializer<PullRequestEvent> never =
        (_, _) -> {
          throw new IllegalStateException("not asked");
        };

    assertThat(
            new PullRequestNotificationCodec(never)
                .render(
                    "sandbox.commands",
                    "acme",
                    TestEvents.envelope(1, "sandbox.create"),
                    new byte[0]))
        .isEmpty();
  }

  private static PublicEvent merged(String title) {
    return PullRequestNotificationCodec.render(
        TestEvents.envelope(3, "pull_request.merged"),
        TestEvents.merged(TestEvents.fullContext(), title));
  }

  private static String text(PublicEvent event) {
    return new String(event.json(), StandardCharsets.UTF_8);
  }
}
