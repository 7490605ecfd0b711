package dev.slipway.pr.pullrequest;

import dev.slipway.pr.pullrequest.PayloadJson.LabelJson;
import dev.slipway.schemas.CodePoints;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Single values of a payload, in the form and size that rows and events can hold.
final class ValueCodec {
  /// Far above what GitHub lets people enter, far below what a row or a record can hold.
  private static final int LONGEST_TEXT = 1_024;

  private static final int LONGEST_LABEL = 100;
  private static final int MOST_LABELS = 100;

  /// An index takes no key above a third of a page, which is 2,704 bytes.
  private static final int LONGEST_KEY_BYTES = 1_024;

  private static final int CHARACTERS_OF_LONG_KEY = 200;
  private static final Pattern SHA = Pattern.compile("[0-9a-fA-F]{1,64}");
  private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59Z");

  private ValueCodec() {}

  /// What Postgres can hold: no NUL, no lone surrogate, and not without end.
  static String text(String text) {
    return storable(CodePoints.first(LONGEST_TEXT, text));
  }

  /// A text that rows are found by: whole up to 1,024 bytes, else its beginning and its digest, so
  /// that different texts stay different.
  static String key(String text) {
    String whole = storable(text);
    byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= LONGEST_KEY_BYTES
        ? whole
        : CodePoints.first(CHARACTERS_OF_LONG_KEY, whole)
            + '…'
            + HexFormat.of().formatHex(sha256(bytes));
  }

  private static String storable(String text) {
    return isPlain(text)
        ? text
        : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
            .replace('\0', '\uFFFD');
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  static @Nullable String textOrNull(@Nullable String text) {
    return text == null ? null : text(text);
  }

  /// A commit's name, or null when it is none.
  static @Nullable String sha(@Nullable String text) {
    return text != null && SHA.matcher(text).matches() ? text : null;
  }

  /// In microseconds, as rows and events hold it; null outside of four-digit years.
  static @Nullable Instant time(@Nullable Instant time) {
    return time == null || time.isBefore(Instant.EPOCH) || time.isAfter(END_OF_TIME)
        ? null
        : time.truncatedTo(ChronoUnit.MICROS);
  }

  static List<String> labels(@Nullable List<@Nullable LabelJson> labels) {
    return labels == null
        ? List.of()
        : labels.stream()
            .filter(Objects::nonNull)
            .map(LabelJson::name)
            .filter(Objects::nonNull)
            .map(label -> storable(CodePoints.first(LONGEST_LABEL, label)))
            .sorted()
            .limit(MOST_LABELS)
            .toList();
  }
}
