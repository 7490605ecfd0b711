package dev.slipway.web.admin;

import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;

/// What an operator asks to rebuild.
///
/// @param stage `<service>.<feature>`, or a service: all its stages
/// @param verify whether what comes of it is compared and thrown away; the only thing there is so
///   far
record RebuildRequest(@NotBlank String stage, @Nullable Boolean verify) {
  boolean isVerified() {
    return Boolean.TRUE.equals(verify);
  }
}
