package dev.slipway.ingress.delivery;

import dev.slipway.web.ApiException;
import dev.slipway.web.ErrorCode;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;

/// What the headers say that decides whether a body is read at all.
///
/// @param declaredBytes −1 when the length is not declared
/// @param largestBytes that a body of this kind may have
/// @param signature that the sender claims
record RequestHead(BodyKind kind, long declaredBytes, int largestBytes, Signature signature) {
  static final String SIGNATURE = "X-Hub-Signature-256";

  /// Checks in the contract's order: length, type, signature header.
  ///
  /// @throws ApiException 413, 415 or 401
  static RequestHead of(HttpHeaders headers, DeliveryProperties limits) {
    List<String> types = headers.getOrEmpty(HttpHeaders.CONTENT_TYPE);
    var kind = types.size() == 1 ? BodyKind.of(types.getFirst()) : Optional.<BodyKind>empty();
    long declared = headers.getContentLength();
    int largest =
        kind.map(limits::largest)
            .orElse(Math.max(limits.largest(BodyKind.JSON), limits.largest(BodyKind.FORM)));
    if (declared > largest) {
      throw tooLarge(largest);
    }
    if (kind.isEmpty() || !unencoded(headers)) {
      throw new ApiException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "Send application/json or application/x-www-form-urlencoded without content encoding.");
    }
    return new RequestHead(kind.get(), declared, largest, signature(headers));
  }

  static ApiException tooLarge(int largest) {
    return new ApiException(
        ErrorCode.TOO_LARGE, "A body of this type may have %d bytes.".formatted(largest));
  }

  private static boolean unencoded(HttpHeaders headers) {
    return headers.getOrEmpty(HttpHeaders.CONTENT_ENCODING).stream()
        .allMatch("identity"::equalsIgnoreCase);
  }

  private static Signature signature(HttpHeaders headers) {
    List<String> claimed = headers.getOrEmpty(SIGNATURE);
    if (claimed.isEmpty()) {
      throw new ApiException(
          ErrorCode.MISSING_SIGNATURE,
          "There is no X-Hub-Signature-256: set a secret on the hook.");
    }
    if (claimed.size() > 1) {
      throw invalidSignature();
    }
    return Signature.parse(claimed.getFirst()).orElseThrow(RequestHead::invalidSignature);
  }

  static ApiException invalidSignature() {
    return new ApiException(
        ErrorCode.INVALID_SIGNATURE, "No secret that is valid here made this signature.");
  }
}
