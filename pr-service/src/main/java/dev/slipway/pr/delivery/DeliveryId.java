package dev.slipway.pr.delivery;

import java.util.UUID;

/// Identity of one webhook delivery, the same for every copy of it (`ce_id`).
record DeliveryId(UUID value) implements Comparable<DeliveryId> {
  @Override
  public int compareTo(DeliveryId other) {
    return value.compareTo(other.value);
  }
}
