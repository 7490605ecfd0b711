package dev.slipway.pipeline.security;

import org.jspecify.annotations.Nullable;

/// A setting, or a file that a setting names, is wrong: the start stops with this message, which
/// names the setting and the remedy and never a secret's value.
final class InvalidSettingException extends RuntimeException {
  InvalidSettingException(String message) {
    this(message, null);
  }

  InvalidSettingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
