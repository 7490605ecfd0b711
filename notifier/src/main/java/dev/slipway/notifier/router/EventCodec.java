package dev.slipway.notifier.router;

import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.schemas.Topic;

/// Makes of the events of one topic what the public sees of them.
interface EventCodec extends AutoCloseable {
  /// The topic that it reads.
  Topic topic();

  /// One event.
  ///
  /// @throws dev.slipway.pipeline.error.RetryableException when the registry does not answer
  /// @throws dev.slipway.pipeline.error.PermanentException when this build does not know such
  ///   events
  PublicEvent render(CloudEvent envelope, byte[] value);

  @Override
  void close();
}
