package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.error.RetryableException;
import dev.slipway.pipeline.kafka.KafkaClients;
import dev.slipway.pipeline.kafka.Membership;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/// The choice of the one that publishes: of all instances, whom Kafka assigns the first partition
/// of the checkpoint topic, which should have no other. The partition is never read this way. Who
/// holds it may still be wrong for a moment, as after a long pause: fencing, not this, keeps two
/// from publishing. Used by one thread.
final class Leadership implements ConsumerRebalanceListener, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  // above every wait of a turn, so that only one that hangs loses the lead
  private static final Duration LONGEST_TURN = Duration.ofMinutes(1);

  private final Consumer<byte[], byte[]> consumer;
  private final TopicPartition lead;

  // CONFINED: to the publisher's thread, on which the consumer calls back
  private boolean held;

  /// @param name of the publisher
  Leadership(KafkaClients clients, String name, Membership membership, String topic) {
    Map<String, Object> settings = clients.consumer(name + "-leadership");
    membership.join(settings, clients.topicNames().prefix() + name, name);
    settings.put(
        // who leads goes on leading when others come
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    settings.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) LONGEST_TURN.toMillis());
    this.consumer = clients.newConsumer(settings);
    this.lead = new TopicPartition(topic, Checkpoints.PARTITION);
    consumer.subscribe(List.of(topic), this);
  }

  /// Whether this instance leads, as of the last `keep`.
  boolean isHeld() {
    return held;
  }

  /// Takes part in the choice; must be called now and then.
  ///
  /// @param pause how long it may take
  void keep(Duration pause) {
    try {
      var _ = consumer.poll(pause);
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      throw new RetryableException(
          "Kafka does not let us take part in the choice of a publisher", Duration.ZERO, e);
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    // a position of some kind is needed, else the reset policy is asked
    partitions.forEach(partition -> consumer.seek(partition, 0));
    consumer.pause(partitions);
    held |= partitions.contains(lead);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    held &= !partitions.contains(lead);
  }

  /// Leaves, so that another leads at once.
  @Override
  public void close() {
    consumer.close(
        CloseOptions.timeout(PATIENCE)
            .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
  }
}
