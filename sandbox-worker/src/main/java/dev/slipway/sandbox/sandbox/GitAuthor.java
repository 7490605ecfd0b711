package dev.slipway.sandbox.sandbox;

/// Who made a commit.
public record GitAuthor(String name, String email) {}
