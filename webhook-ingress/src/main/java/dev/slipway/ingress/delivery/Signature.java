package dev.slipway.ingress.delivery;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// The HMAC-SHA256 that a sender claims for its body: `sha256=` and 64 hex digits in
/// `X-Hub-Signature-256`.
final class Signature {
  private static final String PREFIX = "sha256=";
  private static final Pattern FORM = Pattern.compile("sha256=[0-9a-fA-F]{64}");

  private final byte[] claimed;

  private Signature(byte[] claimed) {
    this.claimed = claimed;
  }

  /// Empty when the header's value has another form.
  static Optional<Signature> parse(String header) {
    return FORM.matcher(header).matches()
        ? Optional.of(
            new Signature(HexFormat.of().parseHex(header, PREFIX.length(), header.length())))
        : Optional.empty();
  }

  /// Takes the same time wherever the two differ.
  boolean matches(byte[] computed) {
    return MessageDigest.isEqual(computed, claimed);
  }
}
