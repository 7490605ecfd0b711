package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.stage.Entry.Dead;
import dev.slipway.pipeline.stage.Entry.Decoded;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Some records of one partition, and which offsets they cover.
///
/// @param topicId the topic that offsets count in: one that was made anew counts from the beginning
/// @param from the first offset covered
/// @param next the offset after the last covered; between the two stand records that consumers
///   never see, such as transaction markers
/// @param epoch of the leader that wrote the last of its records; null when nobody knows
/// @param entries in offset order
record Slice<I>(
    TopicPartition partition,
    String topicId,
    long from,
    long next,
    @Nullable Integer epoch,
    List<Entry<I>> entries) {
  Slice {
    entries = List.copyOf(entries);
  }

  /// Whether records behind this position stand in it.
  boolean goesOnFrom(Position position) {
    return position.topicId().equals(topicId) && position.next() >= from && position.next() < next;
  }

  /// Without what another owner of the partition had already settled.
  Slice<I> from(long offset) {
    return offset == from
        ? this
        : new Slice<>(
            partition,
            topicId,
            offset,
            next,
            epoch,
            entries.stream().filter(entry -> entry.record().offset() >= offset).toList());
  }

  /// Its first records, up to and with the last of them.
  Slice<I> first(int records) {
    return records >= entries.size()
        ? this
        : new Slice<>(
            partition,
            topicId,
            from,
            entries.get(records - 1).record().offset() + 1,
            entries.get(records - 1).record().leaderEpoch().orElse(epoch),
            entries.subList(0, records));
  }

  /// The rest behind its first records.
  Slice<I> without(int records) {
    return new Slice<>(
        partition,
        topicId,
        entries.get(records - 1).record().offset() + 1,
        next,
        epoch,
        entries.subList(records, entries.size()));
  }

  /// Its first record alone, as a dead one.
  Slice<I> firstAsDead(RuntimeException failure) {
    Slice<I> first = first(1);
    Entry<I> dead =
        switch (first.entries.getFirst()) {
          case Decoded<I> decoded ->
              new Dead<>(
                  decoded.record(), decoded.id(), RecordReader.cause(failure), decoded, false);
          // the aggregate cannot be told either: the record alone
          case Dead<I>(var record, var id, var cause, var decoded, _) when decoded != null ->
              new Dead<>(record, id, cause, null, true);
          case Dead<I> _, Entry.Foreign<I> _ -> throw failure;
        };
    return new Slice<>(partition, topicId, first.from, first.next, first.epoch, List.of(dead));
  }
}
