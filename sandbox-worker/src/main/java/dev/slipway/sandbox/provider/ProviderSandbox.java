package dev.slipway.sandbox.provider;

import dev.slipway.pipeline.security.Secret;
import org.jspecify.annotations.Nullable;

/// What it takes to reach the inside of a sandbox. Not to be stored: it holds a credential, and
/// [SandboxProvider#find] gives it again.
///
/// @param agentVersion of the provider's own program in the sandbox
/// @param accessToken null when the sandbox asks for none
/// @param domain under which it is reached; null for the provider's usual one
public record ProviderSandbox(
    ExternalId id, String agentVersion, @Nullable Secret accessToken, @Nullable String domain) {}
