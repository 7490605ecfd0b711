package dev.slipway.sandbox.provider;

/// What stands in for a provider is held to what providers do.
class FakeProviderTest extends SandboxProviderContract {
  @Override
  protected SandboxProvider provider() {
    return new FakeProvider();
  }
}
