package dev.slipway.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TopicsTest {
  @Test
  void namesAreDistinctAndLegalForKafkaBehindAPrefix() {
    assertThat(Topics.all())
        .extracting(Topic::name)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z0-9.-]{1,140}"));
  }

  @Test
  void deliveriesTakeAFormBodyOf36MebibytesWithItsEnvelope() {
    assertThat(Topics.GITHUB_DELIVERIES.maxRecordBytes())
        .isEqualTo(40 * 1024 * 1024)
        .isGreaterThan(36 * 1024 * 1024);
    assertThat(Topics.GITHUB_DELIVERIES.retention()).isEmpty();
    assertThat(Topics.GITHUB_DELIVERIES.flushEachRecord()).isTrue();
  }

  @Test
  void deadLettersHaveThePartitionsOfTheirSource() {
    assertThat(Topics.DELIVERIES_DEAD_LETTERS.name()).isEqualTo("pr-service.deliveries.dlt");
    assertThat(Topics.DELIVERIES_DEAD_LETTERS.partitions())
        .isEqualTo(Topics.GITHUB_DELIVERIES.partitions());
  }
}
