package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.pipeline.live.PublicEvent;
import java.util.Optional;

/// Makes of a service's own records what the public sees of them: each service renders its own
/// events. Pure, but for a schema that is asked for.
@FunctionalInterface
public interface NotificationRenderer {
  /// One record, which is about to be published.
  ///
  /// @param topic its name in the catalogue
  /// @param value in Confluent's wire format
  /// @return empty when it is none of the public's, such as a command
  /// @throws dev.slipway.pipeline.error.RetryableException when the registry does not answer
  /// @throws dev.slipway.pipeline.error.PermanentException when this build does not know such
  ///   events: it is passed as `unknown`
  Optional<PublicEvent> render(String topic, String tenant, CloudEvent envelope, byte[] value);
}
