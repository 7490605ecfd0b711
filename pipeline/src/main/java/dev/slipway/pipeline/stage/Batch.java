package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.stage.PositionCheck.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// What one poll brought, and which offsets that covers.
///
/// @param spans the offsets covered in each partition; they include records that consumers never
///   see, such as transaction markers
/// @param entries in offset order within each partition
record Batch<K, I>(Map<TopicPartition, Span> spans, List<Entry<K, I>> entries) {
  Batch {
    spans = Map.copyOf(spans);
    entries = List.copyOf(entries);
  }

  /// Offsets from `from` to before `next`.
  ///
  /// @param topicId the topic that they count in: one that was made anew counts from the beginning
  record Span(String topicId, long from, long next) {
    /// Whether records behind this position stand in the span.
    boolean goesOnFrom(Stored position) {
      return position.topicId().equals(topicId)
          && position.next() >= from
          && position.next() < next;
    }
  }

  /// Without what another owner of the partition had already settled, and without partitions whose
  /// position lies before this batch, or in another topic of that name: those must be read again
  /// from there.
  ///
  /// @param positions the locked positions
  Batch<K, I> trimmedTo(Map<TopicPartition, Stored> positions) {
    var rest = new HashMap<TopicPartition, Span>();
    spans.forEach((partition, span) -> {
      Stored position = positions.get(partition);
      if (position != null && span.goesOnFrom(position)) {
        rest.put(partition, new Span(span.topicId(), position.next(), span.next()));
      }
    });
    return new Batch<>(
        rest,
        entries.stream()
            .filter(entry -> {
              Span span = rest.get(entry.partition());
              return span != null && entry.record().offset() >= span.from();
            })
            .toList());
  }

  /// The same, one record at a time: together they cover exactly what this batch covers.
  List<Batch<K, I>> singly() {
    var rest = new HashMap<>(spans);
    var singles = new ArrayList<Batch<K, I>>();
    for (Entry<K, I> entry : entries) {
      rest.computeIfPresent(
          entry.partition(),
          (partition, span) -> {
            long next = entry.record().offset() + 1;
            var one = new Span(span.topicId(), span.from(), next);
            singles.add(new Batch<>(Map.of(partition, one), List.of(entry)));
            return next < span.next() ? new Span(span.topicId(), next, span.next()) : null;
          });
    }
    if (!rest.isEmpty()) {
      singles.add(new Batch<>(rest, List.of()));
    }
    return singles;
  }
}
