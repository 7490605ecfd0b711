package dev.slipway.pipeline.core;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What may stand in fields that several kinds of requests have. Pure; each rule adds what it finds
/// wrong.
public final class FieldRules {
  private static final int KIB = 1_024;
  private static final Pattern TEMPLATE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:-]{0,127}");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,255}");
  private static final String SECRET = "secret://";
  private static final Pattern REFERENCE =
      Pattern.compile("secret://file/[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private FieldRules() {}

  /// The name of what a sandbox is made from.
  public static void template(List<Violation> found, String template) {
    if (!TEMPLATE.matcher(template).matches()) {
      found.add(
          new Violation(
              "template",
              "pattern",
              "It must be 1 to 128 letters, digits, '.', '_', '/', ':', '-'."));
    }
  }

  /// An id that others give.
  ///
  /// @param longest most characters
  public static void id(List<Violation> found, String field, @Nullable String id, int longest) {
    if (id != null
        && (id.isBlank()
            || id.length() > longest
            || !isStorable(id)
            || id.chars().anyMatch(Character::isISOControl))) {
      found.add(
          new Violation(
              field, "size", "It must be 1 to %d characters that can be seen.".formatted(longest)));
    }
  }

  /// An id of ours, as text: of one id there is one spelling.
  public static void uuid(List<Violation> found, String field, @Nullable String id) {
    if (id != null && !UUID_TEXT.matcher(id).matches()) {
      found.add(new Violation(field, "pattern", "It must be a UUID in lower case."));
    }
  }

  /// Any text.
  ///
  /// @param mostBytes in UTF-8, whole KiB
  public static void text(
      List<Violation> found, String field, @Nullable String text, int mostBytes) {
    if (text == null) {
      return;
    }
    if (!isStorable(text)) {
      found.add(new Violation(field, "characters", "It must be text without NUL."));
    }
    if (bytes(text) > mostBytes) {
      found.add(tooLong(field, mostBytes));
    }
  }

  /// Variables, whose values may be references to secrets.
  ///
  /// @param mostBytes of all names and values, in UTF-8, whole KiB
  public static void environment(
      List<Violation> found, String field, Map<String, String> environment, int mostBytes) {
    environment.forEach((name, value) -> {
      if (!VARIABLE.matcher(name).matches()) {
        found.add(
            new Violation(
                field,
                "pattern",
                "A name must be letters, digits and '_', and must not begin with a digit."));
      } else if (value.startsWith(SECRET) && !REFERENCE.matcher(value).matches()) {
        found.add(
            new Violation(
                field + "." + name, "reference", "A reference must be secret://file/NAME."));
      }
    });
    entries(found, field, environment, mostBytes);
  }

  /// Names and values of any kind.
  ///
  /// @param mostBytes of all together, in UTF-8, whole KiB
  public static void entries(
      List<Violation> found, String field, Map<String, String> entries, int mostBytes) {
    long size = 0;
    boolean storable = true;
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      size += bytes(entry.getKey()) + bytes(entry.getValue());
      storable &= isStorable(entry.getKey()) && isStorable(entry.getValue());
    }
    if (!storable) {
      found.add(new Violation(field, "characters", "It must be text without NUL."));
    }
    if (size > mostBytes) {
      found.add(tooLong(field, mostBytes));
    }
  }

  private static Violation tooLong(String field, int mostBytes) {
    return new Violation(field, "size", "It must be at most %d KiB.".formatted(mostBytes / KIB));
  }

  /// How long a text is in UTF-8.
  public static int bytes(String text) {
    return text.codePoints().map(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4).sum();
  }

  /// Whether Postgres keeps the text as it is: it has no NUL, and UTF-8 has no half of a pair.
  public static boolean isStorable(String text) {
    return text.codePoints().allMatch(c -> c != 0 && (c < 0xD800 || c > 0xDFFF));
  }
}
