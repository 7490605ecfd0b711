package dev.slipway.pipeline.core;

/// Where a record stands in Kafka.
///
/// @param topic the name that the cluster knows it by
public record LogPosition(String topic, int partition, long offset) {}
