package dev.slipway.ingress.delivery;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/// The two content types that a hook can be set to.
enum BodyKind {
  JSON(MediaType.APPLICATION_JSON_VALUE),
  FORM(MediaType.APPLICATION_FORM_URLENCODED_VALUE);

  private final String mediaType;

  BodyKind(String mediaType) {
    this.mediaType = mediaType;
  }

  /// Without parameters.
  String mediaType() {
    return mediaType;
  }

  /// The kind that a header names.
  ///
  /// @param header `Content-Type`; null when absent
  /// @return empty when it names neither kind
  static Optional<BodyKind> of(@Nullable String header) {
    if (header == null) {
      return Optional.empty();
    }
    try {
      MediaType type = MediaType.parseMediaType(header);
      String plain = type.getType() + "/" + type.getSubtype();
      for (BodyKind kind : values()) {
        if (kind.mediaType.equalsIgnoreCase(plain)) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    } catch (InvalidMediaTypeException _) {
      return Optional.empty();
    }
  }
}
