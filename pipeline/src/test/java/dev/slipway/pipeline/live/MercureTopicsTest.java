package dev.slipway.pipeline.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.strings;

import org.junit.jupiter.api.Test;

class MercureTopicsTest {
  private final MercureTopics acme = new MercureTopics("acme");

  @Test
  void everyKindHasItsPath() {
    assertThat(acme.task("t1")).isEqualTo("/t/acme/tasks/t1");
    assertThat(acme.execution("e1")).isEqualTo("/t/acme/executions/e1");
    assertThat(acme.squad("s1")).isEqualTo("/t/acme/squads/s1");
    assertThat(acme.agent("a1")).isEqualTo("/t/acme/agents/a1");
    assertThat(acme.sandbox("b1")).isEqualTo("/t/acme/sandboxes/b1");
    assertThat(acme.session("c1")).isEqualTo("/t/acme/sessions/c1");
  }

  @Test
  void repositoriesAreTheSameInAnyCase() {
    assertThat(acme.repository("Acme/Site")).isEqualTo("/t/acme/repositories/acme/site");
    assertThat(acme.pullRequest("ACME/site", 7)).isEqualTo("/t/acme/pull-requests/acme/site/7");
  }

  @Test
  void aNameThatMerelyLooksLikeAnotherHasATopicOfItsOwn() {
    assertThat(acme.repository("acme/\u212Aiosk")).isNotEqualTo(acme.repository("acme/kiosk"));
  }

  @Test
  void whatWouldEndASegmentIsEncoded() {
    assertThat(new MercureTopics("a/b?c#d e%").task("ü"))
        .isEqualTo("/t/a%2Fb%3Fc%23d%20e%25/tasks/%C3%BC");
  }

  @Test
  void distinctIdsHaveDistinctTopicsOfOneSegment() {
    qt().forAll(
            strings().basicLatinAlphabet().ofLengthBetween(1, 12),
            strings().basicLatinAlphabet().ofLengthBetween(1, 12))
        .checkAssert((one, other) -> {
          assertThat(acme.task(one).chars().filter(c -> c == '/').count()).isEqualTo(4);
          assertThat(acme.task(one).equals(acme.task(other))).isEqualTo(one.equals(other));
        });
  }
}
