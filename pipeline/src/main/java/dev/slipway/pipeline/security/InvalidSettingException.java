package dev.slipway.pipeline.security;

import org.jspecify.annotations.Nullable;

/// A setting, or a file that a setting names, is wrong: the start stops with this message, which
/// names the setting and the remedy and never a secret's value.
public final class InvalidSettingException extends RuntimeException {
  public InvalidSettingException(String message) {
    this(message, null);
  }

  public InvalidSettingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
