/// Avro in Confluent's wire format, with the schema's id from a registry that speaks Confluent's
/// REST API. The serde takes Confluent's setting names, so that either can replace the other.
@NullMarked
package dev.slipway.pipeline.avro;

import org.jspecify.annotations.NullMarked;
