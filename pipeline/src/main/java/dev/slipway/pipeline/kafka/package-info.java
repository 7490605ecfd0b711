/// How Slipway talks to Kafka: settings, topic names, the catalogue applied to a cluster, and the
/// CloudEvents envelope.
@NullMarked
package dev.slipway.pipeline.kafka;

import org.jspecify.annotations.NullMarked;
