package dev.slipway.pipeline.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class TenantPartitionTest {
  @Test
  void aTenantIsInThePartitionThatKafkaPutsItsKeyIn() {
    assertThat(IntStream.range(0, 100).mapToObj(i -> "tenant-" + i))
        .allSatisfy(tenant ->
            assertThat(TenantPartition.of(tenant, 12))
                .isEqualTo(
                    BuiltInPartitioner.partitionForKey(
                        tenant.getBytes(StandardCharsets.UTF_8), 12)));
  }
}
