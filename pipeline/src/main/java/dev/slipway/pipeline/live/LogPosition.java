package dev.slipway.pipeline.live;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/// A place in one partition of a log, and which log: one that lost its end and has grown again has
/// the same offsets, but not under the same leaders.
///
/// @param epoch of a leader that had everything below: of the one that wrote the record before it,
///   or of a later one. [#UNKNOWN_EPOCH] when nobody knows
/// @param offset the next one to be considered; need not be that of a record
public record LogPosition(int epoch, long offset) {
  /// Kafka's own number for it.
  public static final int UNKNOWN_EPOCH = -1;

  /// Without knowing under which leader.
  public static LogPosition at(long offset) {
    return new LogPosition(UNKNOWN_EPOCH, offset);
  }

  /// Right behind a record.
  public static LogPosition behind(ConsumerRecord<?, ?> record) {
    return new LogPosition(record.leaderEpoch().orElse(UNKNOWN_EPOCH), record.offset() + 1);
  }

  /// Where a consumer reads on.
  public static LogPosition of(OffsetAndMetadata next) {
    return new LogPosition(next.leaderEpoch().orElse(UNKNOWN_EPOCH), next.offset());
  }

  /// The one of two that is further on; of two at the same offset, the first.
  public static LogPosition later(LogPosition one, LogPosition other) {
    return other.offset > one.offset ? other : one;
  }

  public boolean knowsEpoch() {
    return epoch >= 0;
  }

  /// Whether it tells that another place, with a higher offset, is in a log that has been cut
  /// since: here stands what was written after the log had reached there.
  public boolean contradicts(LogPosition further) {
    return further.knowsEpoch() && epoch > further.epoch && offset <= further.offset;
  }

  /// For [org.apache.kafka.clients.consumer.Consumer#seek]: the consumer then compares the epoch
  /// with the log before it reads. An epoch that the log never had keeps a consumer from its
  /// partition for good: no client's word for it is taken.
  public OffsetAndMetadata forSeek() {
    return new OffsetAndMetadata(offset, knowsEpoch() ? Optional.of(epoch) : Optional.empty(), "");
  }
}
