/// From rows and records to Kafka, each exactly once: the outbox, its relay, and what every
/// publisher with progress has in common.
@NullMarked
package dev.slipway.pipeline.publish;

import org.jspecify.annotations.NullMarked;
