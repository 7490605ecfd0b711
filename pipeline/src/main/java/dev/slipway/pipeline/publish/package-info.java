/// From rows to Kafka, each exactly once, with what the public sees of it: the outbox, its relay,
/// and the publisher that leads.
@NullMarked
package dev.slipway.pipeline.publish;

import org.jspecify.annotations.NullMarked;
