package dev.slipway.ingress.delivery;

import dev.slipway.web.ApiException;
import dev.slipway.web.ErrorCode;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/// What the headers say about a delivery whose signature was right.
///
/// @param guid as sent
/// @param hookId null when absent or no number
record DeliveryHeaders(String event, String guid, @Nullable Long hookId) {
  private static final Pattern VISIBLE_ASCII = Pattern.compile("[\\x21-\\x7e]{1,128}");

  /// @throws ApiException 400 when event or delivery are missing, repeated or not 1–128 visible
  ///   ASCII characters
  static DeliveryHeaders of(HttpHeaders headers) {
    return new DeliveryHeaders(
        required(headers, "X-GitHub-Event"),
        required(headers, "X-GitHub-Delivery"),
        number(headers.getFirst("X-GitHub-Hook-ID")));
  }

  private static String required(HttpHeaders headers, String name) {
    List<String> values = headers.getOrEmpty(name);
    if (values.size() != 1 || !VISIBLE_ASCII.matcher(values.getFirst()).matches()) {
      throw new ApiException(
          ErrorCode.MALFORMED,
          name + " must be there once, with 1 to 128 visible ASCII characters.");
    }
    return values.getFirst();
  }

  private static @Nullable Long number(@Nullable String text) {
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException _) {
      return null;
    }
  }
}
