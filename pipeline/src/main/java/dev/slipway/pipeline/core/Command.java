package dev.slipway.pipeline.core;

/// A wish that a decision sends to another feature or service, by a topic.
public interface Command {}
