package dev.slipway.pipeline.replay;

/// Offsets of a partition, from `next` to before `end`.
///
/// @param topicId the topic that they count in
public record LogRange(String topicId, long next, long end) {}
