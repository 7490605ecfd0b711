package dev.slipway.pipeline.security;

import java.nio.charset.StandardCharsets;

/// A credential. It prints as asterisks, so that no log line or message shows it by accident.
///
/// A property of this type is the value itself or a reference to it: `secret://env/NAME` or
/// `secret://file/NAME`.
///
/// @param value the credential itself, not blank: read it only where it is handed over
public record Secret(String value) {
  public Secret {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a secret must not be blank");
    }
    // A binder that fails to resolve a reference falls back to this constructor.
    if (value.startsWith(SecretReferences.SCHEME)) {
      throw new IllegalArgumentException("a reference is not the secret it leads to");
    }
  }

  /// The value in UTF-8, in a fresh array.
  public byte[] bytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "********";
  }
}
