package dev.slipway.locale2b.envd;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;

/// The signatures of file URLs.
final class Signatures {
  private Signatures() {}

  /// What such a URL must be signed with.
  ///
  /// @param path as the query has it
  /// @param operation `read` or `write`
  /// @param expiration unix seconds, as the query has them
  static String of(
      String path, String operation, String user, String token, Optional<String> expiration) {
    String text =
        String.join(":", path, operation, user, token)
            + expiration.map(seconds -> ":" + seconds).orElse("");
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "v1_" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
