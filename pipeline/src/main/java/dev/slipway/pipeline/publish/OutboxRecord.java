package dev.slipway.pipeline.publish;

import dev.slipway.pipeline.kafka.CloudEvent;
import dev.slipway.schemas.Topic;

/// A record that is to be published once its transaction has committed.
///
/// @param tenant whose it is: records of one tenant and key are published in the order of their
///   rows
/// @param key its key in the topic
/// @param value in Confluent's wire format
@SuppressWarnings("ArrayRecordComponent") // never compared, and a copy would cost
public record OutboxRecord(
    Topic topic, String tenant, String key, CloudEvent envelope, byte[] value) {}
