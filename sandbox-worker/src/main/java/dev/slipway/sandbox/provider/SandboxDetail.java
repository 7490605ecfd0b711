package dev.slipway.sandbox.provider;

/// A sandbox as it was found.
///
/// @param sandbox what it takes to reach its inside
public record SandboxDetail(ListedSandbox seen, ProviderSandbox sandbox) {}
