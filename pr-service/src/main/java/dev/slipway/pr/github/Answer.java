package dev.slipway.pr.github;

import dev.slipway.web.github.Received;

/// What GitHub answered: read, and as it came.
public record Answer<T>(T value, Received source) {}
