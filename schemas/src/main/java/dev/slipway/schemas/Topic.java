package dev.slipway.schemas;

import java.time.Duration;
import java.util.Optional;

/// One Kafka topic: what every environment agrees on.
///
/// @param name without the prefix of an installation
/// @param key what the record key is, for people
/// @param value the Avro record of its values, or what else stands there, for people
/// @param partitions in a cluster; an installation may make others, and what was made stays for
///   ever: the partition of a key never changes. One is one everywhere
/// @param retention how long records are kept; empty = for ever
/// @param compacted whether only the newest record of each key is kept, besides
/// @param maxRecordBytes largest record batch the topic takes, in bytes
/// @param flushEachRecord whether a broker without replicas must flush each record before it
///   acknowledges it
/// @param source the topic that it has as many partitions as, and the order of whose keys it keeps
public record Topic(
    String name,
    String key,
    String value,
    int partitions,
    Optional<Duration> retention,
    boolean compacted,
    int maxRecordBytes,
    boolean flushEachRecord,
    Optional<Topic> source) {
  /// A topic that follows no other.
  public Topic(
      String name,
      String key,
      String value,
      int partitions,
      Optional<Duration> retention,
      boolean compacted,
      int maxRecordBytes,
      boolean flushEachRecord) {
    this(
        name,
        key,
        value,
        partitions,
        retention,
        compacted,
        maxRecordBytes,
        flushEachRecord,
        Optional.empty());
  }
}
