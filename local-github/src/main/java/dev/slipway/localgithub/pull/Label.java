package dev.slipway.localgithub.pull;

import org.jspecify.annotations.Nullable;

/// A label of a repository.
///
/// @param color six hex digits
record Label(long id, String name, String color, @Nullable String description) {}
