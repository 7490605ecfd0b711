package dev.slipway.pipeline.stage;

import java.util.UUID;

/// What one record says to one aggregate.
///
/// @param id the record's identity (`ce_id`), on which everything deduplicates
/// @param key the aggregate it is for
/// @param value what is decided on
public record Input<K, I>(UUID id, K key, I value) {}
