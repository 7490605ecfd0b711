package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.observability.Traces;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Goes on with the traces of a batch's records: each that is sampled gets a span that lasts as
/// long as the batch.
final class BatchSpans implements AutoCloseable {
  // spans nest on a thread: the last that began ends first
  private final Deque<Traces.Step> open = new ArrayDeque<>();

  BatchSpans(Traces traces, String stage, Iterable<ConsumerRecord<byte[], byte[]>> records) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String traceparent = CloudEvent.traceparent(record.headers());
      if (traceparent != null) {
        open.push(traces.consuming(stage, traceparent));
      }
    }
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
