/// The contract between services: generated Avro records, the catalogue of topics, the formulas of
/// ids.
@NullMarked
package dev.slipway.schemas;

import org.jspecify.annotations.NullMarked;
