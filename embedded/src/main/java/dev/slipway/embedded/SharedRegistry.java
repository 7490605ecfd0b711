package dev.slipway.embedded;

/// The schema registry of this JVM's tests, started by the first that asks. Each test uses subjects
/// of its own (a topic prefix, say).
public final class SharedRegistry {
  private static final String PASSWORD = "test";

  private SharedRegistry() {}

  /// URL of the API that Confluent's clients speak, credentials included.
  public static String url() {
    return Holder.SERVER.url();
  }

  private static final class Holder {
    static final RegistryServer SERVER =
        SharedServer.start(
            "registry", folder -> RegistryServer.start(folder, FreePorts.find(), PASSWORD));
  }
}
