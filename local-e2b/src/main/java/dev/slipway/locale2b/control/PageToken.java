package dev.slipway.locale2b.control;

import dev.slipway.localserver.RefusedException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;

/// Where a page of a list ended.
///
/// @param descending the order of the list
/// @param startedAt of the last sandbox on the page
/// @param id of the same
record PageToken(boolean descending, Instant startedAt, String id) {
  private static final String SEPARATOR = "|";

  String encoded() {
    String text = String.join(SEPARATOR, descending ? "desc" : "asc", startedAt.toString(), id);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Reads a token.
  ///
  /// @throws RefusedException 400 when it is none, or one of a list in the other order
  static PageToken parse(String encoded, boolean descending) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
      String[] parts = text.split("\\|", 3);
      if (parts.length == 3) {
        if (!parts[0].equals(descending ? "desc" : "asc")) {
          throw new RefusedException(400, "Invalid next token: it is of a list in another order");
        }
        return new PageToken(descending, Instant.parse(parts[1]), parts[2]);
      }
    } catch (IllegalArgumentException | DateTimeException _) {
      // said below
    }
    throw new RefusedException(400, "Invalid next token");
  }
}
