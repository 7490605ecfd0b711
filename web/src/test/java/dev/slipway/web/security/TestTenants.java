package dev.slipway.web.security;

import dev.slipway.pipeline.security.SecretReferences;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Tenants for tests.
public final class TestTenants {
  private TestTenants() {}

  /// Those of a tenants file with this content.
  public static Tenants load(String json) {
    try {
      Path file = Files.createTempFile("tenants", ".json");
      try {
        return TenantsFile.load(
            Files.writeString(file, json), new SecretReferences(Map.of(), null));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
