/// Verifies GitHub's webhooks and puts them on Kafka. Needs Kafka, and the schema registry once.
@NullMarked
package dev.slipway.ingress;

import org.jspecify.annotations.NullMarked;
