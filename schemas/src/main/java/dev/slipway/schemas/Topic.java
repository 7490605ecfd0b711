package dev.slipway.schemas;

import java.time.Duration;
import java.util.Optional;

/// One Kafka topic: what every environment agrees on.
///
/// @param name without the prefix of an installation
/// @param key what the record key is, for people
/// @param value the Avro record of its values, or what else stands there, for people
/// @param partitions fixed for ever: the partition of a key never changes
/// @param retention how long records are kept; empty = for ever
/// @param compacted whether only the newest record of each key is kept, besides
/// @param maxRecordBytes largest record batch the topic takes, in bytes
/// @param flushEachRecord whether a broker without replicas must flush each record before it
///   acknowledges it
public record Topic(
    String name,
    String key,
    String value,
    int partitions,
    Optional<Duration> retention,
    boolean compacted,
    int maxRecordBytes,
    boolean flushEachRecord) {}
