package dev.slipway.pr.delivery;

import java.util.UUID;

/// Identity of one webhook delivery within its tenant, the same for every copy of it.
record DeliveryId(UUID value) implements Comparable<DeliveryId> {
  @Override
  public int compareTo(DeliveryId other) {
    return value.compareTo(other.value);
  }
}
