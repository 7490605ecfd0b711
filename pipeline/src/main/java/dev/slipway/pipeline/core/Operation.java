package dev.slipway.pipeline.core;

/// One call to the outside that a decision asks for. It is stored with the decision and made by a
/// worker, whose outcome comes back as an input.
public interface Operation {}
