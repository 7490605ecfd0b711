package dev.slipway.pipeline.live;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/// Which partition of `notifications` holds a tenant: the one that Kafka's default partitioner
/// gives to the tenant as key.
final class TenantPartition {
  private TenantPartition() {}

  /// The number of the partition.
  ///
  /// @param partitions how many the topic has
  static int of(String tenant, int partitions) {
    return Utils.toPositive(Utils.murmur2(tenant.getBytes(StandardCharsets.UTF_8))) % partitions;
  }
}
