package dev.slipway.web.security;

import dev.slipway.schemas.Ids;
import java.util.Set;
import java.util.regex.Pattern;

/// Who makes a request, as its token says. Controllers get it as `@AuthenticationPrincipal Caller
/// caller`.
///
/// @param tenant whose data the caller sees; 1–64 letters, digits, `.`, `_`, `-`, because it
///   becomes part of database settings, topic keys and live-event addresses
/// @param subject the person or program, 1–255 characters, none of which a reader of a log or a
///   terminal would not see: no control or format character, no line separator, no half of a pair
public record Caller(String tenant, String subject, Set<Scope> scopes) {
  /// The tenant of whatever no other tenant claims.
  public static final String DEFAULT_TENANT = Ids.DEFAULT_TENANT;

  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final int MAX_SUBJECT_CHARS = 255;

  public Caller {
    requireTenant(tenant);
    if (subject.isBlank()
        || subject.length() > MAX_SUBJECT_CHARS
        || !subject.codePoints().allMatch(Caller::shows)) {
      throw new IllegalArgumentException("a subject has 1 to 255 characters that can be seen");
    }
    scopes = Set.copyOf(scopes);
  }

  private static boolean shows(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }

  static void requireTenant(String tenant) {
    if (!TENANT.matcher(tenant).matches()) {
      throw new IllegalArgumentException(
          "a tenant has 1 to 64 letters, digits, '.', '_' or '-' and begins with a letter or digit");
    }
  }
}
