package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.stage.Batch.Span;
import java.util.ArrayList;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/// What one poll brought.
///
/// @param spans the offsets that it covers; records outside are left out
record Polled(Map<TopicPartition, Span> spans, ConsumerRecords<byte[], byte[]> records) {
  Polled {
    spans = Map.copyOf(spans);
  }

  /// @throws dev.slipway.pipeline.error.RetryableException when what reading needs is away
  <K extends Comparable<K>, S, I, E> Batch<K, I> read(RecordReader<K, S, I, E> reader) {
    var entries = new ArrayList<Entry<K, I>>(records.count());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Span span = spans.get(new TopicPartition(record.topic(), record.partition()));
      if (span != null && record.offset() >= span.from() && record.offset() < span.next()) {
        entries.add(reader.read(record, span.topicId()));
      }
    }
    return new Batch<>(spans, entries);
  }
}
